"""Link residents into households: couples, children and housing, all from grade C priors."""

import numpy as np
from numpy.typing import NDArray

from sim.core.compiled import kernel
from sim.core.draws import Decision, uniform, uniforms
from sim.model.codes import BORN_IN_SWEDEN, IN_ACTIVITY, OPEN, OUTSIDE
from sim.model.columns import Float64, HouseholdColumns, Keys, ResidentColumns
from sim.model.inputs import ModelInputs
from sim.model.layout import allocate_households
from sim.model.parameters import PopulationParameters
from sim.model.tables import Tables

_YOUNGEST = 20 * 12
_LIVES_WITH_PARTNER = ((25, 0.35), (30, 0.8), (65, 1.15), (200, 1.15))
"""Share in couples relative to the parameter, up to each age."""

PARTNER = int(Decision.POPULATION_PARTNER)
CHILDREN = int(Decision.POPULATION_CHILDREN)
HOUSING = int(Decision.POPULATION_HOUSING)
SHIELD = int(Decision.POPULATION_RESERVE)
ASSISTANCE = int(Decision.TAKE_UP)


def link_households(
    r: ResidentColumns,
    kind: NDArray[np.int64],
    inputs: ModelInputs,
    q: PopulationParameters,
    keys: NDArray[np.uint64],
) -> HouseholdColumns:
    """Pair residents of like age and arrival, newcomers with those of the same quarter, and number
    households; `furnish` draws the rest.

    Residents under 20 are a household of their own that is not tested: their parents provide.
    """
    draw = uniforms(keys[PARTNER], r.id)
    month = np.maximum(r.arrival, inputs.start)
    age = month - r.birth
    share = np.full(r.id.size, 0.0)
    for limit, factor in reversed(_LIVES_WITH_PARTNER):
        share[age < 12 * limit] = q.couple_share * factor
    willing = (draw < share) & (age >= _YOUNGEST)
    r.partner[:] = -1
    arrived = np.where(r.arrival >= inputs.start, r.arrival, 0)
    group = np.where(r.permit > 0, r.permit // 3, arrived) * 16 + np.where(r.permit > 0, 8, kind)
    women = _in_order(np.flatnonzero(willing & (r.sex == 0)), group, r)
    men = _in_order(np.flatnonzero(willing & (r.sex == 1)), group, r)
    for one in np.unique(group[women]):
        wives, husbands = women[group[women] == one], men[group[men] == one]
        n = min(wives.size, husbands.size)
        r.partner[wives[:n]] = husbands[:n]
        r.partner[husbands[:n]] = wives[:n]
    leads = np.flatnonzero((r.partner < 0) | (r.id < r.id[np.maximum(r.partner, 0)]))
    h = allocate_households(leads.size)
    h.id[:] = r.id[leads]
    h.reference[:] = leads
    h.partner[:] = r.partner[leads]
    r.household[leads] = np.arange(leads.size)
    coupled = h.partner >= 0
    r.household[h.partner[coupled]] = np.flatnonzero(coupled)
    return h


def _in_order(rows: NDArray[np.int64], group: NDArray[np.int64], r: ResidentColumns) -> NDArray[np.int64]:
    """Return rows by group, month of the permit (families come together) and age."""
    return rows[np.lexsort((r.id[rows], r.birth[rows], r.permit[rows], group[rows]))]


@kernel
def furnish(
    tables: Tables,
    q: PopulationParameters,
    keys: Keys,
    rents: Float64,
    start: int,
    first: int,
    shielded_share: float,
) -> None:
    """Draw children, housing cost, shielding by savings or family, and who is on assistance when the burn-
    in begins."""
    r, h = tables.residents, tables.households
    for j in range(h.id.size):
        i = h.reference[j]
        age = max(r.arrival[i], start) - r.birth[i]
        couple = h.partner[j] >= 0
        u = uniform(keys[CHILDREN], h.id[j])
        share = q.children_share * (1.0 if couple else 0.3 if r.sex[i] == 0 else 0.12)
        children = 0
        if 264 <= age < 636 and u < share:
            children = 1 + int(3.0 * u / share * 0.999)
        young = children if age < 396 else children // 2 if age < 480 else 0
        h.young_children[j] = young
        h.old_children[j] = children - young
        size = 2 + min(children, 3) - 1 if children > 0 else 1 if couple else 0
        spread = 0.8 + 0.4 * uniform(keys[HOUSING], h.id[j])
        h.housing[j] = int(rents[min(size, 4)] * spread)
        safe = shielded_share
        if r.permit[i] > 0:
            safe = shielded_share * q.shielded_newcomer
        elif r.origin[i] != BORN_IN_SWEDEN:
            safe = shielded_share * q.shielded_abroad
        h.shielded[j] = 1 if uniform(keys[SHIELD], h.id[j]) < safe else 0
        idle = r.status[i] == OPEN or r.status[i] == IN_ACTIVITY or r.status[i] == OUTSIDE
        if idle and h.shielded[j] == 0 and r.arrival[i] <= first and r.other_income[i] == 0:
            u = uniform(keys[ASSISTANCE], h.id[j])
            if u < q.assistance_start_share:
                h.assistance[j] = 1
                h.months[j] = int(48.0 * u / q.assistance_start_share)
                h.history[j] = 0xFFF
