"""Name the code that turns inputs into rows, so that results of other code are never taken for ours.

Public name: `experiment_sources`.
"""

import importlib.util
from functools import cache
from pathlib import Path

from sim.core.sources import source_hash
from sim.experiment.canonical import content_hash

_COMPARISON = tuple(f"sim.experiment.{name}" for name in ("pairs", "tables", "worker"))


@cache
def experiment_sources(model: str) -> str:
    """Return the hash of the model's sources and of the comparison of pairs, as they are in this process.

    Args:
        model: Dotted path and name of the model function: ``sim.model.simulate:simulate``.

    Raises:
        ModuleNotFoundError: The model's module does not exist.
    """
    modules = (*_COMPARISON, model.partition(":")[0])
    return content_hash([source_hash(), *(_source(module) for module in modules)])


def _source(module: str) -> str:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named {module!r}")
    return Path(found.origin).read_text(encoding="utf-8")
