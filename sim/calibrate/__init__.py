"""Fit the model to official figures, and test what it predicts of figures that it was not fitted to."""
