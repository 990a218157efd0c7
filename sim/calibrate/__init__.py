"""Fit the model to official figures: first what can be read off them, then what takes a simulation."""
