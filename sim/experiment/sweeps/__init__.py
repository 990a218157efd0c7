"""Sweeps: many points of a case, each against its own baseline on the same chance."""
