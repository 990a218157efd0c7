"""Estimate what official figures say by themselves, before anything is simulated (stage 1).

Each estimate comes with its standard error, the number of observations, the period, the method and what
identifies it. `sim.calibrate.statistics.stage` collects the headline figures.
"""
