"""Official Swedish figures as typed tables, and how the model observes itself through their definitions."""
