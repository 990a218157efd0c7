"""What the model's numbers should be, and how much depends on those that nobody knows."""
