"""One process of the month, separations, in plain vectorised NumPy: the same rule, draws and results.

Both versions are given the same town in the same month, take turns, and must leave every column equal; where
they do not, nothing is reported.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.records import Sample
from benchmarks.session import Session
from benchmarks.speed import town
from benchmarks.stages import Process, around_processes
from sim.core.draws import Decision
from sim.core.errors import SamspelError
from sim.model.columns import Case, Presence, ResidentColumns, Status
from sim.model.inputs import alone
from sim.model.model import LabourMarketModel
from sim.model.place import Place
from sim.model.rules.steady import catch_up
from sim.model.simulate import burn_in, run

PROCESS = "separate_jobs"
_THIRTY_TWO = np.uint64(32)


def numpy_version(session: Session) -> list[Sample]:
    """Return nanoseconds per resident of both versions of the process."""
    sizes = session.sizes
    inputs = town(sizes.residents, sizes.burn_in, 3)
    state = burn_in(alone(inputs))[0]
    taken: dict[str, list[float]] = {"compiled": [], "NumPy": []}

    def wrap(process: Process) -> Process:
        if process.__name__ != PROCESS:
            return process

        def both(model: LabourMarketModel) -> None:
            place = model.places[0]
            catch_up(place.tables, model.month - 1)  # plain columns know nothing of histories kept later
            for turn in range(sizes.turns):
                session.turn(f"month {model.month}, turn {turn + 1} of {sizes.turns}")
                before = _kept(place)
                plain = _timed(lambda: separate_in_numpy(model, place), taken["NumPy"])
                theirs, rows = _kept(place), plain
                _restore(place, before)
                _timed(lambda: process(model), taken["compiled"])
                _require_equal(place, theirs, rows)
                if turn + 1 < sizes.turns:
                    _restore(place, before)

        return both

    with around_processes(wrap):
        run(alone(inputs), [state], [None])
    people = state.residents.id.size
    facts = {"residents": people, "process": PROCESS, "compiled": "warm", "equal": True}
    skipped = 1  # the first of each warms caches
    return [
        Sample(
            label=label,
            unit="ns/resident",
            values=tuple(1e9 * seconds / people for seconds in values[skipped:]),
            facts=facts,
        )
        for label, values in taken.items()
    ]


def separate_in_numpy(model: LabourMarketModel, place: Place) -> NDArray[np.int64]:
    """End jobs by the rule of `sim.model.rules.separations`; return the rows of those without one."""
    r, p = place.state.residents, place.p
    season, days = place.inputs.season[model.month % 12], place.prices.insurance_days
    employed = np.flatnonzero((r.presence == Presence.HERE) & (r.status == Status.EMPLOYED))
    temporary = r.contract[employed] == 1
    rate = np.where(temporary, p.separation_temporary, p.separation_permanent)
    rate = np.where(r.tier[employed] == 2, rate * (2.0 / 3.0), rate) * season
    lost = uniforms_in_numpy(model.keys[Decision.SEPARATION], r.id[employed]) < rate
    out = employed[lost]
    registers = uniforms_in_numpy(model.keys[Decision.REGISTRATION], r.id[out]) < p.register_share
    kept = employed[~lost & temporary]
    permanent = uniforms_in_numpy(model.keys[Decision.PERMANENT_CONTRACT], r.id[kept]) < p.permanent_rate
    r.contract[kept[permanent]] = 0
    _enter_register(r, out[registers], model.month, days)
    _leave_register(r, out[~registers])
    return np.flatnonzero((r.presence == Presence.HERE) & (r.status != Status.EMPLOYED))


def uniforms_in_numpy(key: np.uint64, identities: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the model's keyed uniform numbers: Squares32 on whole arrays."""
    x = identities.astype(np.uint64) * key
    y, z = x, x + key
    for add in (y, z, y):
        x = x * x + add
        x = (x >> _THIRTY_TWO) | (x << _THIRTY_TWO)
    bits = (x * x + z) >> _THIRTY_TWO
    drawn: NDArray[np.float64] = (bits.astype(np.int64) + 0.5) * 2.3283064365386963e-10
    return drawn


def _enter_register(r: ResidentColumns, rows: NDArray[np.int64], month: int, days: int) -> None:
    r.status[rows] = Status.OPEN
    r.registered[rows] = 1
    r.contact[rows] = month
    for column in (r.in_status, r.market, r.spell, r.reached):
        column[rows] = 0
    r.case[rows] = Case.NONE
    worked = np.bitwise_count(r.worked[rows].astype(np.uint16) & np.uint16(0xFFF))
    insured = (worked >= 6) & (month - r.birth[rows] >= 240)
    r.insurance[rows] = np.where(insured, 1 + r.member[rows], 0)
    r.insurance_days[rows] = np.where(insured, days, 0)


def _leave_register(r: ResidentColumns, rows: NDArray[np.int64]) -> None:
    r.status[rows] = Status.OUTSIDE
    r.case[rows] = Case.NONE
    for column in (
        r.in_status, r.registered, r.spell, r.activity, r.left, r.glow, r.language, r.market, r.insurance,
        r.insurance_days,
    ):  # fmt: skip
        column[rows] = 0


def _timed[Result](work: Callable[[], Result], taken: list[float]) -> Result:
    began = time.process_time()
    result = work()
    taken.append(time.process_time() - began)
    return result


def _kept(place: Place) -> list[NDArray[np.generic]]:
    return [column.copy() for column in (*place.state.residents, *place.steady)]


def _restore(place: Place, columns: list[NDArray[np.generic]]) -> None:
    now: list[NDArray[np.generic]] = [*place.state.residents, *place.steady]
    for column, kept in zip(now, columns, strict=True):
        column[...] = kept


def _require_equal(place: Place, columns: list[NDArray[np.generic]], rows: NDArray[np.int64]) -> None:
    r = place.state.residents
    unequal = [
        name
        for name, theirs in zip(r._fields, columns, strict=False)  # whom to skip is no part of the rule
        if not np.array_equal(getattr(r, name), theirs)
    ]
    if unequal or not np.array_equal(np.sort(place.jobless), rows[place.steady.until[rows] == 0]):
        raise SamspelError(
            f"The NumPy version of {PROCESS} leaves other values in {', '.join(unequal) or 'the rows'}. "
            "Allowed: the same rule in both; change benchmarks/numpy_peer.py with the rule."
        )
