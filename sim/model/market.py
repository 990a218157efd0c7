"""The labour market over the municipalities of a run: who seeks where, who is hired, and what is left open.

Public names: `match_jobs`, the process, and `match`.
"""

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import CELLS
from sim.model.institutions import hires_per_search
from sim.model.rules.hiring import COUNTED, apply_for_jobs, filled_shares, search_met, take_jobs
from sim.model.rules.queues import seated

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


def match_jobs(model: "LabourMarketModel") -> None:
    """Matching over all municipalities, from which displacement emerges."""
    for one, counts in zip(model.places, match(model, [one.sought for one in model.places]), strict=True):
        one.tally.update(zip(COUNTED, counts.tolist(), strict=True))


def match(model: "LabourMarketModel", totals: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Fill vacancies everywhere and return the counts of `take_jobs` by municipality of residence.

    With W(h) the search of the residents of h and t(h, m) the tie from h to m, S(m) = sum over h of
    t(h, m) W(h); a resident of h meets the rate sum over m of t(h, m) M(m) / S(m).

    Args:
        model: The world; its vacancies are those at the start of matching.
        totals: W by municipality of residence and cell, int64 fixed point.
    """
    ties = model.ties
    search = search_met(np.array(totals), ties)
    rates = np.array([_rates(model, place, search[place.index]) for place in model.places])
    model.rates[model.month - model.first_month] = rates
    applied = [
        apply_for_jobs(place.tables, place.known, model.keys, ties[place.index][:, None] * rates)
        for place in model.places
    ]
    chosen = _chosen(model, applied)
    hires, moves = np.zeros((2, len(totals), CELLS), dtype=np.int64)
    for place, (rows, jobs, _, counts), taken in zip(model.places, applied, chosen, strict=True):
        hires += np.bincount(jobs[taken], minlength=hires.size).reshape(hires.shape)
        newly = take_jobs(
            place.tables, model.keys, model.month, rows[taken], jobs[taken], place.index, moves, counts
        )
        place.changing = np.concatenate((place.changing, newly))
    for place in model.places:
        s = place.state
        s.hires, s.moves = hires[place.index], moves[place.index] + place.freed
        s.filled = filled_shares(s.hires, s.vacancies, place.p.filling_reference)
        place.tally["vacancies"] = math.fsum(s.vacancies.tolist())
    return [counts for _, _, _, counts in applied]


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
    order = np.concatenate([order for _, _, order, _ in applied])
    hired = seated(order, jobs, np.concatenate([place.state.vacancies for place in model.places]))
    ends = itertools.accumulate(rows.size for rows, _, _, _ in applied)
    return [hired[end - one[0].size : end].nonzero()[0] for one, end in zip(applied, ends, strict=True)]
