"""Where a target should stand by a day, and how a value compares with that."""
