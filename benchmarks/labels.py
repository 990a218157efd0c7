"""Names of samples that the page looks up, apart from the code that measures them."""

LARGE, SMALL, PLAIN = "compiled, large", "compiled, small", "plain Mesa"
NOTHING, STORED = "from nothing", "from a finished store"
BANDWIDTH = "memory bandwidth, copying"
OUTSIDE = "outside the processes"
BATCH_RUN, RUNNER = "mesa.batch_run on the plain model", "the workbench's runner"
TOWN, REGIONS = "one town", "regions"
UPPER = 100_000
"""Residents from which the exponent of cost is fitted."""
