"""Imports files: a mapping turns each row into an event, once, however often the import is run."""
