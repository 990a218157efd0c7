"""The explorer: choose a place, move levers, and see at once what differs, and how sure that is.

A change is answered from a few pairs of worlds with a part of the residents, and then better and better in
the background until the next change.

Public name: `Explorer`.
"""

import asyncio
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets
from rich.console import Console

from sim.core.errors import SamspelError
from sim.data.margins import margins_at
from sim.experiment.explore.answer import Answer, answered
from sim.experiment.explore.draft import placed_case, with_levers
from sim.experiment.explore.pairs import Pairs, Sample
from sim.experiment.explore.refine import Refinement, Target
from sim.experiment.warm import warm
from sim.policy.case import Case
from sim.report.explorer.controls import Controls
from sim.report.explorer.levers import LeverPanel
from sim.report.explorer.saving import ReportMaker, save_policy
from sim.report.explorer.taking import take_along
from sim.report.explorer.view import answer_page, basis, comparison_page
from sim.report.explorer.words import Say
from sim.report.numbers import digits_rounding

_MOST_COMPARED: Final = 4
_PATIENCE: Final = 0.01  # seconds in which further changes join the first, as when several are queued


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
        self._begun, self._base = placed_case(name), case
        self._saved: Case | None = None
        self._path: Path | None = None
        self._done = self._stopped = False
        self._turn = 0
        self._waiting: asyncio.TimerHandle | None = None
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        self.levers = LeverPanel(self._changed)
        self.controls = Controls(name, case, self.say, self.levers.box)
        self.box = self.controls.box
        self.box.explorer = self  # the widgets live as long as what is shown
        self._connect()
        self._place_levers()
        self._speak()
        warm(Console(file=io.StringIO()))
        self._redraw()

    def _connect(self) -> None:
        """Let each widget do what it is for, one thing at a time: widgets may call from another thread."""
        shown = self.controls
        shown.on_choice(lambda chosen: self._post(lambda: self._move(chosen)))
        shown.language.observe(lambda _: self._post(self._speak), "value")
        shown.tables.observe(lambda _: self._post(self._show), "value")
        buttons = {
            shown.stop: self._stop,
            shown.take: self._take,
            shown.keep: self._keep,
            shown.clear: self._clear,
            shown.save: self._save,
            shown.report: self._report,
        }
        for button, action in buttons.items():
            button.on_click(lambda _, action=action: self._post(action))

    def close(self) -> None:
        """Stop everything in the background."""
        self.refinement.close()
        self.reports.close()

    def _guard(self, action: Callable[[], None]) -> None:
        """Do something; whatever goes wrong is told in the status line."""
        try:
            action()
        except SamspelError as error:
            self.controls.tell(self.say("status.refused"), str(error))
        except Exception as error:  # a widget shows no traceback: say what it was
            self.controls.tell(self.say("status.unexpected"), f"{type(error).__name__}: {error}")

    def _move(self, chosen: widgets.Widget) -> None:
        """Take up another case, place, time or scenario."""
        shown, own = self.controls, chosen is self.controls.begin
        if own:
            case, kept = placed_case(shown.begin.value), None
        else:
            where = shown.place.value, shown.start.value.strip(), shown.horizon.value, shown.scenario.value
            case, kept = placed_case(shown.begin.value, *where), self.levers.entries(self._base.start)
        same_start = case.start == self._base.start
        self._base = case
        if own:
            self._begun = case
            shown.moved_to(case, case, self.say)
        self._place_levers(kept if same_start else None)
        if self.kept:
            self.kept = {}
            shown.tell(self.say("compare.moved"))
        self._redraw()

    def _place_levers(self, entries: list[dict[str, Any]] | None = None) -> None:
        case = self._base if entries is None else with_levers(self._base, entries)
        residents = sum(margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities)
        self.levers.show(case, residents, self.say)

    def _changed(self) -> None:
        """Answer a change of a lever."""
        self._post(self._redraw if self._loop is None else self._wait)

    def _wait(self) -> None:
        """Wait a moment for further changes, which are answered together."""
        assert self._loop is not None
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
        self._done = self._stopped = False
        self.controls.taken.value = ""
        self._show()
        seconds = time.perf_counter() - began
        self.redraws.append(seconds)
        self.controls.tell(
            self.say("status.drawn", seconds=self.say.numbers.plain(seconds, digits_rounding(2)))
        )
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
            self.controls.tell(self.say("status.unexpected"), f"{type(error).__name__}: {error}")

    def _post(self, action: Callable[[], None]) -> None:
        """Do something in the loop's thread, and wake the loop: a timer set from elsewhere is not seen."""
        if self._loop is None:
            self._guard(action)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._guard, action)

    def _show(self) -> None:
        if self.answer is None:
            return
        shown = answer_page(self.answer, self._basis(self.answer), self.controls.tables.value, self.say)
        self.controls.page.value = self._framed(shown)
        self.levers.tell(self.answer, self.say)
        self.controls.comparison.value = self._framed(comparison_page(self.kept, self.say))

    def _basis(self, answer: Answer) -> str:
        return basis(answer, self._target, self._done, self._stopped, self.say)

    def _framed(self, html: str) -> str:
        return f'<div class="samspel" lang="{self.say.language}">{html}</div>'

    def _speak(self) -> None:
        """Write everything in the language chosen."""
        shown, say = self.controls, Say(self.controls.language.value)
        self.say = say
        shown.speak(say)
        shown.moved_to(self._base, self._begun, say)
        self.levers.speak(say)
        shown.tell("")
        shown.taken.value = ""
        self._show()

    def _stop(self) -> None:
        self.refinement.cancel()
        self._stopped = not self._done
        self._show()
        self.controls.tell(self.say("status.stopped"))

    def _take(self) -> None:
        if self.answer is not None:
            taken = take_along(self.answer, self._basis(self.answer), self.say)
            self.controls.taken.value = self._framed(taken)

    def _keep(self) -> None:
        name = self.controls.name.value.strip()
        if not name:
            raise SamspelError(self.say("save.name"))
        if name not in self.kept and len(self.kept) >= _MOST_COMPARED:
            raise SamspelError(self.say("compare.full"))
        if self.answer is None:
            return
        known = name in self.kept
        self.kept[name] = self.answer
        self._show()
        self.controls.tell(self.say("compare.replaced" if known else "compare.added", name=name))

    def _clear(self) -> None:
        self.kept = {}
        self._show()
        self.controls.tell(self.say("compare.cleared"))

    def _save(self) -> None:
        case = with_levers(self._base, self.levers.entries(self._base.start))
        path, replaced = save_policy(
            case, self.controls.name.value, self._folder, self.controls.replace.value, self.say
        )
        self._saved, self._path = case, path
        self.controls.tell(self.say("save.rewritten" if replaced else "save.saved", path=path))

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
            lambda error: self._post(lambda: self.controls.tell(self.say("save.failed"), error)),
        )
        self.controls.tell(self.say("save.making", name=self._path.stem))

    def _made(self, path: str, seconds: float) -> None:
        self.controls.tell(self.say("save.made", path=path, seconds=self.say.numbers.plain(seconds)))
