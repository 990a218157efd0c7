"""The explorer: choose a place, move levers, and see at once what differs, and how sure that is.

A change is answered from a few pairs of worlds with a part of the residents, and then better and better in
the background until the next change.

Public names: `explorer` and `Explorer`.
"""

import asyncio
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets
from rich.console import Console

from sim.core.errors import SamspelError, input_error
from sim.core.paths import root
from sim.data.margins import margins_at
from sim.data.municipalities import municipalities, municipality
from sim.experiment.explore.answer import Answer, answered
from sim.experiment.explore.draft import placed_case, with_levers
from sim.experiment.explore.pairs import MOST_MUNICIPALITIES, Pairs, Sample
from sim.experiment.explore.refine import Refinement, Target
from sim.experiment.warm import warm
from sim.policy.case import Case
from sim.policy.listing import list_cases
from sim.policy.scenario import load_scenario, scenario_names
from sim.report.explorer.levers import LeverPanel
from sim.report.explorer.saving import ReportMaker, report_language, save_policy
from sim.report.explorer.style import STYLE
from sim.report.explorer.view import answer_page, basis, comparison_page
from sim.report.explorer.words import Say
from sim.report.markup import inline, stylesheet
from sim.report.numbers import digits_rounding

_MOST_COMPARED: Final = 4
_PATIENCE: Final = 0.04  # seconds in which further changes join the first, as when a key is held down
_LANGUAGES: Final = [("Svenska", "sv"), ("English", "en")]


def explorer(
    case: str = "nykoping",
    municipality: str = "",
    scenario: str = "",
    start: str = "",
    horizon: int = 0,
    lang: str = "sv",
    half_width: float = 10.0,
    pairs: int = 60,
    folder: str = "policies",
    report_pairs: int = 0,
) -> widgets.Widget:
    """Return the explorer, to be shown by the last line of a notebook cell.

    Args:
        case: Name of a case to begin with, or the path of a case file.
        municipality: Name or code; the case's own unless given.
        scenario: Name of a scenario; the case's own unless given.
        start: First month, YYYY-MM; the case's own unless given.
        horizon: Months to follow; 0: the case's own.
        lang: sv or en.
        half_width: Refine until the mean of people in work is known to so many persons.
        pairs: Most pairs of worlds.
        folder: Where policies are saved, in the project folder unless the path is whole.
        report_pairs: Pairs of a report; 0: as the reports have.

    Raises:
        SamspelError: A parameter is not allowed.
    """
    if not half_width > 0:
        raise input_error("explorer", "half_width", half_width, "a number above 0")
    for name, number, least in (("pairs", pairs, 10), ("report_pairs", report_pairs, 0)):
        if number < least:
            raise input_error("explorer", name, number, f"a whole number of at least {least}")
    first = placed_case(case, municipality, start, horizon, scenario)
    return Explorer(case, first, lang, Target(half_width, pairs), root() / folder, report_pairs).box


class Explorer:
    """All widgets, and what they do.

    Args:
        name: Name of the case to begin with, or the path of a case file.
        case: That case, where and when it is to be shown.
        lang: sv or en.
        target: When refinement stops.
        folder: Where policies are saved.
        report_pairs: Pairs of a report; 0: as the reports have.
        sample: What the first answer rests on.
        processes: Number of processes that refine.
    """

    def __init__(
        self,
        name: str,
        case: Case,
        lang: str,
        target: Target,
        folder: Path,
        report_pairs: int = 0,
        sample: Sample | None = None,
        processes: int | None = None,
    ) -> None:
        self.say = Say(lang)
        self.answer: Answer | None = None
        self.kept: dict[str, Answer] = {}
        self.redraws: list[float] = []
        self.refinement = Refinement(target, processes)
        self.reports = ReportMaker()
        self._target, self._folder, self._report_pairs = target, folder, report_pairs
        self._pairs = Pairs(sample or Sample(seed=target.seed))
        self._base = self._case = case
        self._saved: Case | None = None
        self._path: Path | None = None
        self._done = self._stopped = self._quiet = False
        self._turn = 0
        self._waiting: asyncio.TimerHandle | None = None
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        self.levers = LeverPanel(self._changed)
        self._widgets(name, case)
        self._place_levers()
        self._speak()
        warm(Console(file=io.StringIO()))
        self._redraw()

    def _widgets(self, name: str, case: Case) -> None:
        self.language = widgets.ToggleButtons(options=_LANGUAGES, value=self.say.language)
        self.begin = widgets.Dropdown(options=self._cases(name), value=name)
        self.place = widgets.Dropdown()
        self.scenario = widgets.Dropdown()
        self.start = widgets.Text(value=case.start, continuous_update=False)
        self.horizon = widgets.BoundedIntText(value=case.horizon, min=6, max=120)
        self.tables = widgets.Checkbox(value=False, indent=False)
        self.stop = widgets.Button()
        self.name = widgets.Text()
        self.keep, self.clear = widgets.Button(), widgets.Button()
        self.save, self.report = widgets.Button(), widgets.Button()
        self.replace = widgets.Checkbox(value=False, indent=False)
        self.status = widgets.HTML()
        self.page = widgets.HTML()
        self.comparison = widgets.HTML()
        code = case.municipalities[0] if len(case.municipalities) == 1 else ""
        self._offer(code, case.scenario)
        for widget in (self.begin, self.place, self.scenario, self.start, self.horizon):
            widget.add_class("samspel-choice")
            widget.observe(lambda change: self._guard(lambda: self._move(change["owner"])), "value")
        self.language.observe(lambda _: self._guard(self._speak), "value")
        self.tables.observe(lambda _: self._guard(self._show), "value")
        buttons = {
            self.stop: self._stop,
            self.keep: self._keep,
            self.clear: self._clear,
            self.save: self._save,
            self.report: self._report,
        }
        for button, action in buttons.items():
            button.add_class("samspel-button")
            button.on_click(lambda _, action=action: self._guard(action))
        self.name.add_class("samspel-choice")
        self.tables.add_class("samspel-box")
        self.replace.add_class("samspel-box")
        style = widgets.HTML(f"<style>{stylesheet()}{STYLE}</style>")
        chosen = widgets.VBox([self.begin, self.place, self.scenario, self.start, self.horizon])
        controls = widgets.VBox([self.language, chosen, self.levers.box])
        controls.add_class("samspel-controls")
        answers = widgets.VBox(
            [
                self.status,
                widgets.HBox([self.tables, self.stop]),
                self.page,
                self.comparison,
                self.name,
                widgets.HBox([self.keep, self.clear, self.save, self.report]),
                self.replace,
            ]
        )
        answers.add_class("samspel-answers")
        self.box = widgets.HBox([style, controls, answers])
        self.box.add_class("samspel-explorer")
        self.box.explorer = self  # the widgets live as long as what is shown

    def close(self) -> None:
        """Stop everything in the background."""
        self.refinement.close()
        self.reports.close()

    def _cases(self, name: str) -> list[tuple[str, str]]:
        known = [(one.title, one.name) for one in list_cases() if "all" not in one.municipalities]
        return known if any(name == one for _, one in known) else [(name, name), *known]

    def _offer(self, code: str, scenario: str) -> None:
        """Fill the lists of places and scenarios in the language."""
        own = ""
        if len(self._base.municipalities) > 1:
            own = ", ".join(municipality(one).name for one in self._base.municipalities[:MOST_MUNICIPALITIES])
        names = sorted((one.name, one.code) for one in municipalities())
        whole = [(self.say("choose.own", names=own), "")] if own else []
        swedish = self.say.language == "sv"
        worlds = [
            (load_scenario(one).label_sv if swedish else load_scenario(one).label_en, one)
            for one in scenario_names()
        ]
        self._quiet = True
        try:
            self.place.options, self.place.value = [*whole, *names], code
            self.scenario.options, self.scenario.value = worlds, scenario
        finally:
            self._quiet = False

    def _guard(self, action: Callable[[], None]) -> None:
        """Do something; whatever goes wrong is told in the status line."""
        try:
            action()
        except SamspelError as error:
            self._tell(self.say("status.refused"), str(error))
        except Exception as error:  # a widget shows no traceback: say what it was
            self._tell(self.say("status.unexpected"), f"{type(error).__name__}: {error}")

    def _tell(self, text: str, detail: str = "") -> None:
        """Show the status; details of errors are in English."""
        said = f"<p>{inline(text)}</p>" if text else ""
        said += f'<p lang="en">{inline(detail)}</p>' if detail else ""
        css = "samspel-status samspel-wrong" if detail else "samspel-status"
        self.status.value = f'<div class="{css}" role="status">{said}</div>'

    def _move(self, chosen: widgets.Widget) -> None:
        """Take up another case, place, time or scenario."""
        if self._quiet:
            return
        own = chosen is self.begin
        place, start, horizon, scenario = (
            ("", "", 0, "")
            if own
            else (self.place.value, self.start.value.strip(), self.horizon.value, self.scenario.value)
        )
        case = placed_case(self.begin.value, place, start, horizon, scenario)
        kept = None if own else self.levers.entries(self._base.start)
        same_start = case.start == self._base.start
        self._base = case
        if own:
            self._quiet = True
            self.start.value, self.horizon.value = case.start, case.horizon
            self._quiet = False
            self._offer(case.municipalities[0] if len(case.municipalities) == 1 else "", case.scenario)
        if own or not same_start:
            self._place_levers()
        elif kept is not None:
            self._place_levers(kept)
        if self.kept:
            self.kept = {}
            self._tell(self.say("compare.moved"))
        self._redraw()

    def _place_levers(self, entries: list[dict[str, Any]] | None = None) -> None:
        case = self._base if entries is None else with_levers(self._base, entries)
        residents = sum(margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities)
        self.levers.show(case, residents, self.say)

    def _changed(self) -> None:
        """Answer a change of a lever, soon: others may follow at once."""
        if self._quiet:
            return
        if self._loop is None:
            self._guard(self._redraw)
            return
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self._loop.call_later(_PATIENCE, self._guard, self._redraw)

    def _redraw(self) -> None:
        """Answer from the small sample, and begin to refine."""
        began = time.perf_counter()
        self._turn += 1
        self.refinement.cancel()
        case = with_levers(self._base, self.levers.entries(self._base.start))
        self.answer = answered(case, self._pairs.pairs(case))
        self._case, self._done, self._stopped = case, False, False
        self._show()
        seconds = time.perf_counter() - began
        self.redraws.append(seconds)
        self._tell(self.say("status.drawn", seconds=self.say.numbers.plain(seconds, digits_rounding(2))))
        turn = self._turn
        self.refinement.start(
            case,
            lambda answer, last: self._post(lambda: self._refined(turn, answer, last)),
            lambda error: self._post(lambda: self._failed(turn, error)),
        )

    def _refined(self, turn: int, answer: Answer, last: bool) -> None:
        if turn == self._turn and not self._stopped:
            self.answer, self._done = answer, last
            self._show()

    def _failed(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self._tell(self.say("status.unexpected"), f"{type(error).__name__}: {error}")

    def _post(self, action: Callable[[], None]) -> None:
        """Do something from another thread, where widgets are."""
        if self._loop is None:
            self._guard(action)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._guard, action)

    def _show(self) -> None:
        if self.answer is None:
            return
        said = basis(self.answer, self._target, self._done, self._stopped, self.say)
        shown = answer_page(self.answer, said, self.tables.value, self.say)
        self.page.value = f'<div class="samspel" lang="{self.say.language}">{shown}</div>'
        self.levers.tell(self.answer, self.say)
        compared = comparison_page(self.kept, self.say)
        self.comparison.value = f'<div class="samspel" lang="{self.say.language}">{compared}</div>'

    def _speak(self) -> None:
        """Write everything in the language chosen."""
        say = self.say = Say(self.language.value)
        labels = {
            self.language: "language", self.begin: "choose.case", self.place: "choose.municipality",
            self.scenario: "choose.scenario", self.start: "choose.start", self.horizon: "choose.horizon",
            self.tables: "choose.tables", self.stop: "choose.stop", self.name: "compare.name",
            self.keep: "compare.add", self.clear: "compare.clear", self.save: "save.button",
            self.report: "save.report", self.replace: "save.replace",
        }  # fmt: skip
        for widget, key in labels.items():
            widget.description = widget.tooltip = say(key)
        self._offer(self.place.value, self.scenario.value)
        self.levers.speak(say)
        self._tell("")
        self._show()

    def _stop(self) -> None:
        self.refinement.cancel()
        self._stopped = not self._done
        self._show()
        self._tell(self.say("status.stopped"))

    def _keep(self) -> None:
        name = self.name.value.strip()
        if not name:
            raise SamspelError(self.say("save.name"))
        if name not in self.kept and len(self.kept) >= _MOST_COMPARED:
            raise SamspelError(self.say("compare.full"))
        if self.answer is None:
            return
        known = name in self.kept
        self.kept[name] = self.answer
        self._show()
        self._tell(self.say("compare.replaced" if known else "compare.added", name=name))

    def _clear(self) -> None:
        self.kept = {}
        self._show()
        self._tell(self.say("compare.cleared"))

    def _save(self) -> None:
        case = with_levers(self._base, self.levers.entries(self._base.start))
        path, replaced = save_policy(case, self.name.value, self._folder, self.replace.value, self.say)
        self._saved, self._path = case, path
        self._tell(self.say("save.rewritten" if replaced else "save.saved", path=path))

    def _report(self) -> None:
        case = with_levers(self._base, self.levers.entries(self._base.start))
        if self._path is None or case != self._saved:
            raise SamspelError(self.say("save.unsaved"))
        if self.reports.busy:
            raise SamspelError(self.say("save.busy"))
        self.refinement.cancel()
        self.reports.make(
            self._path,
            self.say.language,
            self._report_pairs,
            lambda path, seconds: self._post(lambda: self._made(path, seconds)),
            lambda error: self._post(lambda: self._tell(self.say("save.failed"), error)),
        )
        swedish = self.say("save.swedish") if report_language(self.say.language) != self.say.language else ""
        self._tell(f"{self.say('save.making', name=self._path.stem)} {swedish}".strip())

    def _made(self, path: str, seconds: float) -> None:
        self._tell(self.say("save.made", path=path, seconds=self.say.numbers.plain(seconds)))
