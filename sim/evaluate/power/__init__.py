"""Simulated trials of evaluations: what a design could see, how often it is wrong, and what breaks it."""
