from collections.abc import Iterable, Mapping
from typing import Any

from mesa import Model

def batch_run(
    model_cls: type[Model],
    parameters: Mapping[str, Any],
    number_processes: int | None = 1,
    *,
    max_steps: int = 1000,
    display_progress: bool = True,
    rng: int | Iterable[int] | None = None,
) -> list[dict[str, Any]]: ...
