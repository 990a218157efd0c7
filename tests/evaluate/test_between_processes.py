"""Trials are sent to worker processes."""

import pickle

from sim.evaluate.trials import load_trials


def test_every_trial_survives_being_sent() -> None:
    for trial in load_trials():
        again = pickle.loads(pickle.dumps(trial))
        assert again.id == trial.id
        assert list(again.indicators) == list(trial.indicators)
        assert again.outcomes == trial.outcomes
