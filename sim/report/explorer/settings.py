"""A widget for one setting of a lever, made from its declaration.

A number is a slider; what the case states as a range is a slider with two handles; what may be left unsaid
has a box to tick first.

Public name: `SettingControl`.
"""

from collections.abc import Callable
from math import floor, log10
from typing import Any, Final

import ipywidgets as widgets

from sim.policy.levers.registry import lever_class
from sim.report.explorer.words import Say

_CSS: Final = "samspel-setting"
_PER_RESIDENT: Final = {
    "places": 0.01,
    "places per cohort": 0.005,
    "SEK/month": 10.0,
    "SEK": 100.0,
    "SEK per place and month": 0.3,
}
"""Where a slider ends, by resident aged 16-64; a value beyond it in a case moves the end."""
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


class SettingControl:
    """One setting, what it holds, and the widgets that show it.

    Args:
        lever: Name of the lever.
        name: Name of the setting.
        value: What a case file states: a number, ``{low, high}``, a word, a list, or None where it is unsaid.
        residents: Residents aged 16-64, which decide where sliders end.
        changed: Called after each change by the user.
    """

    def __init__(
        self, lever: str, name: str, value: Any, residents: int, changed: Callable[[], None]
    ) -> None:
        self.name = name
        schema = lever_class(lever).model_json_schema()["properties"][name]
        self._labels = {"sv": schema["label_sv"], "en": schema["label_en"]}
        self._unit = str(schema["unit"])
        self._neutral = schema.get("default")
        kinds = schema.get("anyOf", [schema])
        self._stated: widgets.Checkbox | None = None
        self._options: tuple[str, ...] = ()
        if kinds[0].get("type") == "number":
            self.input = _slider(kinds[0], self._unit, self._neutral, value, residents)
        elif kinds[0].get("type") == "boolean":
            self.input = widgets.Checkbox(value=bool(value), indent=False)
        elif kinds[0].get("type") == "array":
            self._options = tuple(kinds[0]["items"]["enum"])
            self.input = widgets.SelectMultiple(options=self._options, value=tuple(value or ()), rows=4)
        else:
            self._options = tuple(kinds[0]["enum"])
            self.input = widgets.Dropdown(options=self._options, value=value or self._neutral)
        self.input.add_class(_CSS)
        parts = [self.input]
        if len(kinds) > 1:
            self._stated = widgets.Checkbox(value=value is not None, indent=False)
            self._stated.add_class(_CSS)
            self._stated.observe(lambda _: self._show(changed), "value")
            parts.insert(0, self._stated)
        self.input.observe(lambda _: changed(), "value")
        self.box = widgets.VBox(parts)
        self._show(None)

    @property
    def value(self) -> Any:
        """Return what a case file would state; None where nothing is said."""
        if self._stated is not None and not self._stated.value:
            return None
        value = self.input.value
        if isinstance(self.input, widgets.FloatRangeSlider):
            low, high = (_clean(end) for end in value)
            return {"low": low, "high": high} if low < high else low
        if isinstance(value, float):
            return _clean(value)
        return list(value) if isinstance(value, tuple) else value

    @property
    def neutral(self) -> bool:
        """Return whether the setting says what is there without it."""
        return bool(self.value == self._neutral)

    def speak(self, say: Say) -> None:
        """Write labels, units and choices in a language."""
        unit = say(f"units.{self._unit}")
        label = self._labels[say.language]
        if self._stated is not None:
            self._stated.description = say("lever.stated", label=label)
        if isinstance(self.input, widgets.FloatRangeSlider):
            unit = f"{unit}; {say('lever.range')}" if unit else say("lever.range")
        self.input.description = f"{label} ({unit})" if unit else label
        self.input.tooltip = self.input.description
        if self._options:
            value = self.input.value
            self.input.options = [(say.known("choices", name), name) for name in self._options]
            self.input.value = value

    def _show(self, changed: Callable[[], None] | None) -> None:
        stated = self._stated is None or self._stated.value
        self.input.layout.display = "" if stated else "none"
        if changed is not None:
            changed()


def _slider(
    bounds: dict[str, Any], unit: str, neutral: Any, value: Any, residents: int
) -> widgets.FloatSlider | widgets.FloatRangeSlider:
    ends = (value["low"], value["high"]) if isinstance(value, dict) else None
    low, most = float(bounds["minimum"]), float(bounds["maximum"])
    usual = _PER_RESIDENT.get(unit, 0.0) * residents
    largest = ends[1] if ends else float(value or 0.0)
    high = min(most, max(_round_up(usual), _round_up(1.5 * largest))) if usual else most
    step = _step(high - low, unit)
    shared = {
        "min": low, "max": high, "step": step, "continuous_update": False, "readout_format": _format(step),
    }  # fmt: skip
    if ends:
        return widgets.FloatRangeSlider(value=ends, **shared)
    start = float(value) if value is not None else float(neutral if neutral is not None else low)
    return widgets.FloatSlider(value=start, **shared)


def _step(span: float, unit: str) -> float:
    if unit in ("years", "months", "days", "cohorts", "level"):
        return 1.0
    rough = span / 100.0
    power = 10.0 ** floor(log10(rough) + 1e-9)
    step = max(factor * power for factor in _STEPS if factor * power <= rough * 1.001)
    return max(1.0, step) if unit.startswith("places") else step


def _round_up(value: float) -> float:
    if value <= 0.0:
        return 0.0
    power = 10.0 ** floor(log10(value))
    return next(factor * power for factor in _STEPS if factor * power >= value)


def _format(step: float) -> str:
    return ",.0f" if step >= 1 else f".{max(1, round(-log10(step) + 0.49))}f"


def _clean(value: float) -> float:
    """Return a number without what steps of a slider leave in its last digits."""
    return float(f"{value:.10g}")
