"""The model once more, written for reading: one Mesa agent per resident, ordinary attributes, ordinary loops.

Every rule of `sim.model.rules` is restated here and none is imported; `tests/model/test_reference.py`
requires that both models agree exactly. Shared are only declarations (columns' codes, parameters, prices,
kinds of payment, channels), the keyed draws, the portable arithmetic, and the synthetic population as
starting data. Residents act in a shuffled order that differs from process to process and month to month:
the result must not notice.
"""
