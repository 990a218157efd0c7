"""Evaluate a reform that has happened: sealed plan, estimate, and the model's own prediction."""
