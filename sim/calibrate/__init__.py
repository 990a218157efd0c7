"""Fit the model to official figures, and test its predictions on figures that it was not fitted to."""
