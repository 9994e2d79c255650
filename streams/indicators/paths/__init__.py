"""Paths: the value expected by a day, and how the actual value compares with it."""
