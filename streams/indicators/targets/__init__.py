"""The targets of the plan: the catalogue, its files, and a target as a goal."""
