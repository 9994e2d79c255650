"""The plan's targets: what they are, what they stand at, and how far that is on the way."""
