"""Predict later official figures from data up to a date, and score the predictions against plain rivals.

A test of prediction, not of mechanism: both tests cross the pandemic and the reform of the employment
service.
"""
