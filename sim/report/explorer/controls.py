"""The explorer's widgets beside the levers: what is chosen, the buttons, and where answers are shown.

Public name: `Controls`.
"""

from collections.abc import Callable, Mapping
from typing import Final

import ipywidgets as widgets

from sim.data.municipalities import municipalities, municipality
from sim.experiment.explore.pairs import MOST_MUNICIPALITIES
from sim.policy.case import Case, load_case
from sim.policy.listing import list_cases
from sim.policy.scenario import load_scenario, scenario_names
from sim.report.explorer.style import styled
from sim.report.explorer.words import Say
from sim.report.markup import inline

_LANGUAGES: Final = [("Svenska", "sv"), ("English", "en")]
_LABELS: Final[Mapping[str, str]] = {
    "language": "language",
    "begin": "choose.case",
    "place": "choose.municipality",
    "scenario": "choose.scenario",
    "start": "choose.start",
    "horizon": "choose.horizon",
    "tables": "choose.tables",
    "stop": "choose.stop",
    "name": "compare.name",
    "keep": "compare.add",
    "clear": "compare.clear",
    "save": "save.button",
    "report": "save.report",
    "replace": "save.replace",
    "take": "take.button",
}


class Controls:
    """All widgets but the levers; `Explorer` says what they do.

    Args:
        name: Name of the case to begin with, or the path of a case file.
        case: That case, where and when it is to be shown.
        say: The words.
        levers: The widgets of the levers.

    Attributes:
        quiet: Whether changes are made by the program, not by the user.
        box: Everything, to be shown.
    """

    def __init__(self, name: str, case: Case, say: Say, levers: widgets.Widget) -> None:
        self.quiet = False
        self.language = widgets.ToggleButtons(options=_LANGUAGES, value=say.language)
        self.begin = widgets.Dropdown(options=_cases(name, say), value=name)
        self.place, self.scenario = widgets.Dropdown(), widgets.Dropdown()
        self.start = widgets.Text(value=case.start, continuous_update=False)
        self.horizon = widgets.BoundedIntText(value=case.horizon, min=6, max=120)
        self.tables = widgets.Checkbox(value=False, indent=False)
        self.name = widgets.Text()
        self.replace = widgets.Checkbox(value=False, indent=False)
        self.stop, self.keep, self.clear = widgets.Button(), widgets.Button(), widgets.Button()
        self.save, self.report, self.take = widgets.Button(), widgets.Button(), widgets.Button()
        self.status, self.page = widgets.HTML(), widgets.HTML()
        self.comparison, self.taken = widgets.HTML(), widgets.HTML()
        self._look = widgets.HTML()
        self.choices = (self.begin, self.place, self.scenario, self.start, self.horizon)
        self._style((*self.choices, self.name), "samspel-choice")
        self._style((self.tables, self.replace), "samspel-box")
        self._style((self.stop, self.keep, self.clear, self.save, self.report, self.take), "samspel-button")
        self.box = self._placed(levers)

    def moved_to(self, case: Case, base: Case, say: Say) -> None:
        """Show where, when and in which world a case is.

        Args:
            case: The case.
            base: The case that is begun with, whose own municipalities can be chosen together.
            say: The words.
        """
        own = ", ".join(municipality(code).name for code in base.municipalities[:MOST_MUNICIPALITIES])
        whole = [(say("choose.own", names=own), "")] if len(base.municipalities) > 1 else []
        names = sorted((one.name, one.code) for one in municipalities())
        swedish = say.language == "sv"
        worlds = [(load_scenario(one), one) for one in scenario_names()]
        self.quiet = True
        try:
            self.begin.options, self.begin.value = _cases(self.begin.value, say), self.begin.value
            self.start.value, self.horizon.value = case.start, case.horizon
            self.place.options = [*whole, *names]
            self.place.value = case.municipalities[0] if len(case.municipalities) == 1 else ""
            self.scenario.options = [(one.label_sv if swedish else one.label_en, key) for one, key in worlds]
            self.scenario.value = case.scenario
        finally:
            self.quiet = False

    def speak(self, say: Say) -> None:
        """Write every label in a language."""
        for name, key in _LABELS.items():
            widget = getattr(self, name)
            widget.description = widget.tooltip = say(key)
        self._look.value = styled(say)

    def on_choice(self, action: Callable[[widgets.Widget], None]) -> None:
        """Do something with the choice that the user has changed."""
        for widget in self.choices:
            widget.observe(lambda change: None if self.quiet else action(change["owner"]), "value")

    def tell(self, text: str, detail: str = "") -> None:
        """Show the status; details of errors are in English."""
        said = f"<p>{inline(text)}</p>" if text else ""
        said += f'<p lang="en">{inline(detail)}</p>' if detail else ""
        css = "samspel-status samspel-wrong" if detail else "samspel-status"
        self.status.value = f'<div class="{css}" role="status">{said}</div>'

    def _style(self, members: tuple[widgets.DOMWidget, ...], css: str) -> None:
        for widget in members:
            widget.add_class(css)

    def _placed(self, levers: widgets.Widget) -> widgets.Widget:
        chosen = widgets.VBox([self.language, widgets.VBox(self.choices), levers])
        chosen.add_class("samspel-controls")
        answers = widgets.VBox(
            [
                self.status,
                widgets.HBox([self.tables, self.stop, self.take]),
                self.taken,
                self.page,
                self.comparison,
                self.name,
                widgets.HBox([self.keep, self.clear, self.save, self.report]),
                self.replace,
            ]
        )
        answers.add_class("samspel-answers")
        box = widgets.HBox([self._look, chosen, answers])
        box.add_class("samspel-explorer")
        return box


def _cases(name: str, say: Say) -> list[tuple[str, str]]:
    names = [one.name for one in list_cases() if "all" not in one.municipalities]
    known = [(load_case(one).texts(say.language).title, one) for one in names]
    return known if any(name == one for _, one in known) else [(name, name), *known]
