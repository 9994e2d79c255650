"""Turns a partition's facts into cells and latest values, exactly."""
