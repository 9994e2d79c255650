"""The log and its published state in SQLite files."""
