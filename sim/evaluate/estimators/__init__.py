"""Estimators of what a reform did, each from a library, behind one interface and with one kind of result."""
