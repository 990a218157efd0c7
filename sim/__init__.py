"""Samspel: simulate and evaluate labour-market policy in Swedish municipalities."""

__version__ = "0.1.0"
