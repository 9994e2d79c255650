"""The simulator: a seeded model of the district, and its own truth of what it made happen."""
