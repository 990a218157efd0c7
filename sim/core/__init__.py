"""Foundations that every other part may import: errors, months, files, draws, exact arithmetic."""
