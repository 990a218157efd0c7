"""All levers as widgets: four folded groups, those in use first, with queue and capacity on each.

Public name: `LeverPanel`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import ipywidgets as widgets

from sim.experiment.explore.answer import Answer
from sim.policy.case import Case
from sim.policy.instance import Instance
from sim.policy.levers.registry import lever_class
from sim.report.explorer.settings import SettingControl
from sim.report.explorer.unit import lever_queues
from sim.report.explorer.words import Say
from sim.report.markup import inline

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": ("coordination", "co_location", "single_organisation"),
    "support": (
        "individual_plan",
        "ninety_day_guarantee",
        "activation_requirement",
        "priority_groups",
        "youth_outreach",
    ),
    "places": ("municipal_placements", "job_tracks", "vocational_sfi"),
    "employers": ("subsidised_jobs", "employer_ties", "civil_society"),
}
_USUAL: Final = {"low": 0.33, "high": 0.5}
_SHARED: Final = tuple(name for name in Instance.model_fields if name != "settings")


class LeverControl:
    """One use of a lever: a box to tick, and its settings once it is in use.

    Args:
        lever: Name of the lever.
        entry: What a case file states of it; None where the case does not use it.
        residents: Residents aged 16-64.
        changed: Called after each change by the user.
    """

    def __init__(
        self, lever: str, entry: Mapping[str, Any] | None, residents: int, changed: Callable[[], None]
    ) -> None:
        self.lever = lever
        self._class = lever_class(lever)
        self._entry = dict(entry or {})
        self._residents, self._changed = residents, changed
        self._say: Say | None = None
        self.active = widgets.Checkbox(value=entry is not None, indent=False)
        self.active.add_class("samspel-lever")
        self.queues = widgets.HTML()
        self.settings: list[SettingControl] = []
        self._fidelity: widgets.FloatRangeSlider | None = None
        self._ramp: widgets.IntSlider | None = None
        self._about = widgets.HTML()
        self._body = widgets.VBox()
        self.box = widgets.VBox([self.active, self._body])
        self._show()
        self.active.observe(lambda _: self._toggled(), "value")

    def entry(self, start: str) -> dict[str, Any]:
        """Return what a case file would state of it.

        Args:
            start: Month in which it starts where the case says nothing.
        """
        kept = {key: value for key, value in self._entry.items() if key in _SHARED and key != "lever"}
        said = {one.name: one.value for one in self.settings if not one.neutral}
        assert self._fidelity is not None and self._ramp is not None
        low, high = (round(end, 4) for end in self._fidelity.value)
        return {
            "lever": self.lever,
            **said,
            "start": start,
            **kept,
            "ramp_months": self._ramp.value,
            "fidelity": {"low": low, "high": high} if low < high else low,
        }

    def speak(self, say: Say) -> None:
        """Write everything in a language."""
        self._say = say
        label = self._class.label_sv if say.language == "sv" else self._class.label_en
        self.active.description = f"{label} ({say('lever.grade', grade=self._class.grade)})"
        self.active.tooltip = self.active.description
        for one in self.settings:
            one.speak(say)
        if self._fidelity is not None and self._ramp is not None:
            self._fidelity.description = say("lever.fidelity")
            self._ramp.description = say("lever.ramp")
        self._about.value = self._help(say)

    def tell(self, answer: Answer | None, say: Say) -> None:
        """Show the lever's queue and capacity in an answer."""
        text = lever_queues(self.lever, answer, say) if self.active.value else ""
        self.queues.value = f'<p class="samspel-queue">{inline(text)}</p>' if text else ""

    def _toggled(self) -> None:
        self._show()
        if self._say is not None:
            self.speak(self._say)
        self._changed()

    def _show(self) -> None:
        """Show the settings where the lever is in use; they are made when first needed."""
        if self.active.value and self._fidelity is None:
            self._make()
        self._body.layout.display = "" if self.active.value else "none"

    def _make(self) -> None:
        fields = self._class.model_fields
        self.settings = [
            SettingControl(self.lever, name, self._entry.get(name), self._residents, self._changed)
            for name in fields
        ]
        stated = self._entry.get("fidelity", _USUAL)
        ends = (stated["low"], stated["high"]) if isinstance(stated, Mapping) else (stated, stated)
        self._fidelity = widgets.FloatRangeSlider(
            value=ends, min=0.0, max=1.0, step=0.01, continuous_update=False, readout_format=".2f"
        )
        self._ramp = widgets.IntSlider(
            value=self._entry.get("ramp_months", 0), min=0, max=60, continuous_update=False
        )
        for widget in (self._fidelity, self._ramp):
            widget.add_class("samspel-setting")
            widget.observe(lambda _: self._changed(), "value")
        self._body.children = [
            self.queues,
            *(one.box for one in self.settings),
            self._fidelity,
            self._ramp,
            self._about,
        ]
        self._body.add_class("samspel-body")

    def _help(self, say: Say) -> str:
        about = say(f"about.{self.lever}") if say.language == "sv" else self._class.text_en
        evidence = say(
            "lever.evidence",
            grade=self._class.grade,
            meaning=say(f"grades.{self._class.grade}"),
            sources=", ".join(self._class.evidence),
        )
        targets = [say.known("targets", name) for name in self._entry.get("target", ())]
        who = say(
            "lever.who",
            start=self._entry.get("start", "–"),
            target=", ".join(targets) or say("lever.everybody"),
            payers=", ".join(
                say.known("payers", one) for one in self._entry.get("funding", ["municipality"])
            ),
        )
        body = "".join(f"<p>{inline(text)}</p>" for text in (about, evidence, who if self._entry else ""))
        return (
            f'<details class="samspel-about"><summary>{inline(say("lever.help"))}</summary>{body}</details>'
        )


class LeverPanel:
    """The levers of a case in four folded groups.

    Args:
        changed: Called after each change by the user.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._say: Say | None = None
        self._folds = {name: widgets.ToggleButton(value=False) for name in GROUPS}
        self._insides = {name: widgets.VBox() for name in GROUPS}
        self.controls: list[LeverControl] = []
        self.box = widgets.VBox()
        for name, fold in self._folds.items():
            fold.add_class("samspel-fold")
            fold.observe(lambda _, name=name: self._fold(name), "value")

    def show(self, case: Case, residents: int, say: Say) -> None:
        """Show the levers of a case, and all others ready to use."""
        used = [(one["lever"], one) for one in case.to_document()["policy"]]
        free = [name for names in GROUPS.values() for name in names if name not in dict(used)]
        self.controls = [
            LeverControl(name, entry, residents, self._moved)
            for name, entry in [*used, *((name, None) for name in free)]
        ]
        for name, levers in GROUPS.items():
            own = [one for one in self.controls if one.lever in levers]
            own.sort(key=lambda one: not one.active.value)
            self._insides[name].children = [one.box for one in own]
        order = sorted(GROUPS, key=lambda name: not self._used(name))
        self.box.children = [part for name in order for part in (self._folds[name], self._insides[name])]
        for position, name in enumerate(order):
            self._folds[name].value = position == 0 and self._used(name) > 0
            self._fold(name)
        self.speak(say)

    def entries(self, start: str) -> list[dict[str, Any]]:
        """Return the levers in use as a case file states them."""
        return [one.entry(start) for one in self.controls if one.active.value]

    def control(self, lever: str) -> LeverControl:
        """Return the first use of a lever."""
        return next(one for one in self.controls if one.lever == lever)

    def speak(self, say: Say) -> None:
        """Write everything in a language."""
        self._say = say
        for one in self.controls:
            one.speak(say)
        for name in GROUPS:
            self._title(name)

    def tell(self, answer: Answer | None, say: Say) -> None:
        """Show queues and capacity of an answer on the levers."""
        for one in self.controls:
            one.tell(answer, say)

    def _moved(self) -> None:
        for name in GROUPS:
            self._title(name)
        self._changed()

    def _used(self, group: str) -> int:
        return sum(one.active.value for one in self.controls if one.lever in GROUPS[group])

    def _fold(self, name: str) -> None:
        self._insides[name].layout.display = "" if self._folds[name].value else "none"
        self._title(name)

    def _title(self, name: str) -> None:
        if self._say is None:
            return
        sign = "▾" if self._folds[name].value else "▸"
        title = self._say(
            "groups.used", group=self._say(f"groups.{name}"), used=self._used(name), all=len(GROUPS[name])
        )
        self._folds[name].description = self._folds[name].tooltip = f"{sign} {title}"
