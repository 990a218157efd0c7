"""Panels: one outcome of many places over time, who was treated from when, and who is compared."""
