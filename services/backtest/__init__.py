"""Calibration of the projections, measured on simulated histories with known outcomes."""
