from collections.abc import Callable, Mapping
from typing import Any

from mesa import Model

class DataCollector:
    def __init__(self, model_reporters: Mapping[str, Callable[[Any], Any]]) -> None: ...
    def collect(self, model: Model) -> None: ...
