"""Calibration: estimates from official figures, and how far they can be believed."""
