"""The labour market over the municipalities of a run: who seeks where, who is hired, and what is left open.

Public names: `match_jobs`, the process, and `match`.
"""

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.core.exact import FIXED_POINT
from sim.model.columns import CELLS
from sim.model.institutions import hires_per_search
from sim.model.rules.hiring import (
    AT_RISK,
    CLIENT_DELAYED,
    CLIENT_EXITS,
    CLIENT_HELD,
    DURATIONS,
    EXITS,
    FROM_REGISTER,
    HIRES,
    SUBSIDISED_HIRES,
    apply_for_jobs,
    take_jobs,
)
from sim.model.rules.queues import seated

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


def match_jobs(model: "LabourMarketModel") -> None:
    """Matching over all municipalities, from which displacement emerges."""
    for one, counts in zip(model.places, match(model, [one.sought for one in model.places]), strict=True):
        one.tally["hires"] = int(counts[HIRES])
        one.tally["exits_to_work"] = int(counts[FROM_REGISTER])
        one.tally["subsidised_hires"] = int(counts[SUBSIDISED_HIRES])
        one.tally["exits_to_work_clients"] = int(counts[CLIENT_EXITS])
        one.tally["held_losses"] = int(counts[CLIENT_HELD])
        one.tally["delayed_losses"] = int(counts[CLIENT_DELAYED])
        for index, name in enumerate(DURATIONS):
            one.tally[f"registered_{name}"] = int(counts[AT_RISK + index])
            one.tally[f"exits_{name}"] = int(counts[EXITS + index])


def match(model: "LabourMarketModel", totals: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Fill vacancies everywhere and return the counts of `take_jobs` by municipality of residence.

    With W(h) the search of the residents of h and t(h, m) the tie from h to m, S(m) = sum over h of
    t(h, m) W(h); a resident of h meets the rate sum over m of t(h, m) M(m) / S(m).

    Args:
        model: The world; its vacancies are those at the start of matching.
        totals: W by municipality of residence and cell, int64 fixed point.
    """
    ties = model.ties
    search = _search(totals, ties)
    rates = np.array([_rates(model, place, search[place.index]) for place in model.places])
    model.rates[model.month - model.first_month] = rates
    applied = [
        apply_for_jobs(place.tables, place.known, model.keys, ties[place.index][:, None] * rates)
        for place in model.places
    ]
    chosen = _chosen(model, applied)
    moves = np.zeros((len(totals), CELLS), dtype=np.int64)
    hires = np.zeros_like(moves)
    for place, (rows, jobs, _, counts), taken in zip(model.places, applied, chosen, strict=True):
        hires += np.bincount(jobs[taken], minlength=hires.size).reshape(hires.shape)
        newly = take_jobs(
            place.tables, model.keys, model.month, rows[taken], jobs[taken], place.index, moves, counts
        )
        place.changing = np.concatenate((place.changing, newly))
    for place in model.places:
        s = place.state
        s.hires, s.moves = hires[place.index], moves[place.index] + place.freed
        filled = s.hires / np.maximum(s.vacancies, 1e-9)
        s.filled = np.where(s.vacancies > 0.0, filled, place.p.filling_reference)
        place.tally["vacancies"] = math.fsum(s.vacancies.tolist())
    return [counts for _, _, _, counts in applied]


def _search(totals: list[NDArray[np.int64]], ties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return S by municipality and cell, added up in the order of the municipalities of residence."""
    found = np.zeros((len(totals), CELLS))
    for total, row in zip(totals, ties, strict=True):
        found += row[:, None] * (total / FIXED_POINT)
    return found


def _rates(model: "LabourMarketModel", place: "Place", search: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return hires per unit of search by cell: the reference in the burn-in, what is held, or matching's."""
    p = place.p
    if model.burning:
        place.state.vacancies = p.job_finding_reference * search / p.filling_reference
        return np.full(CELLS, p.job_finding_reference)
    if model.held_rates is not None:
        held: NDArray[np.float64] = model.held_rates[model.month - model.first_month, place.index]
        return held
    return hires_per_search(place.employers, search)


def _chosen(
    model: "LabourMarketModel",
    applied: list[tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]],
) -> list[NDArray[np.int64]]:
    """Return, by municipality of residence, the positions of the candidates who are hired: at most V in each
    cell and municipality of the job, in keyed order; all where tightness is held."""
    if model.burning or model.held_rates is not None:
        return [np.arange(rows.size) for rows, _, _, _ in applied]
    jobs = np.concatenate([jobs for _, jobs, _, _ in applied])
    queue = np.argsort(np.concatenate([order for _, _, order, _ in applied]))
    room = np.floor(np.concatenate([place.state.vacancies for place in model.places])).astype(np.int64)
    hired = seated(queue, jobs, room)
    ends = itertools.accumulate(rows.size for rows, _, _, _ in applied)
    return [np.flatnonzero(hired[end - one[0].size : end]) for one, end in zip(applied, ends, strict=True)]
