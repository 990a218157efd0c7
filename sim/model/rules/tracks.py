"""Job tracks: who enters a cohort, and what completing it gives.

Rules: a cohort is filled by rank and in a drawn order with registered people in the segments named, of 16-59,
able to work full time, with the Swedish that the track asks for, who have been in no track before. During
training search is nearly nil, in the placement lower. Who completes has the track's field of work and its
lasting gain, and with the track's probability a job that a partner employer holds; that job takes a vacancy
from the market with a declared probability.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.codes import HERE, TRACK
from sim.model.columns import Float64, Int8, Int64, Keys, ResidentColumns, Rows
from sim.model.rules.common import begin, seeks_activity
from sim.model.rules.queues import place_in_queue
from sim.model.tables import Tables

TRACK_FIELD = int(Decision.TRACK_FIELD)
TRAINING_MONTHS, PLACEMENT_MONTHS, PARTNER_SHARE, GAIN, DROP_OUT, LANGUAGE = range(6)
"""Columns of the table of tracks."""


@rule
def admits(r: ResidentColumns, i: int, part: int, month: int, eligible: Float64, language_entry: int) -> bool:
    """Return whether a track admits a resident."""
    if not seeks_activity(r, i) or r.spell[i] == 0 or r.track[i] != 0 or r.limitation[i] == 1:
        return False
    if month - r.birth[i] >= 60 * 12 or eligible[part] <= 0.0:
        return False
    return bool(r.swedish[i] >= language_entry)


@kernel
def track_queue(
    tables: Tables,
    known: Rows,
    month: int,
    eligible: Float64,
    language_entry: int,
    priority: Float64,
    key: np.uint64,
) -> tuple[Rows, Int64]:
    """Return the rows of those whom a track admits, and the numbers that order them, both int64."""
    r = tables.residents
    found = np.empty(known.size, dtype=np.uint32)
    order = np.empty(known.size, dtype=np.int64)
    n = 0
    for i in known:
        part = tables.steady.segment[i]
        if r.presence[i] == HERE and admits(r, i, part, month, eligible, language_entry):
            rank = 1 if priority[part] > 0.0 else 0
            found[n] = i
            order[n] = place_in_queue(rank, r.id[i], key)
            n += 1
    return found[:n], order[:n]


@kernel
def begin_track(tables: Tables, rows: Rows, number: int, fields: Int8, table: Float64, keys: Keys) -> None:
    """Let the chosen rows begin track ``number``: in their own field if it is one of the track's, else in
    one drawn."""
    r = tables.residents
    for j in range(rows.size):
        i = rows[j]
        field = fields[int(uniform(keys[TRACK_FIELD], r.id[i]) * fields.size)]
        for known in fields:
            if known == r.sector[i]:
                field = known
        begin(r, i, TRACK, int(table[number, TRAINING_MONTHS] + table[number, PLACEMENT_MONTHS]))
        r.track[i] = number + 1
        r.track_field[i] = field
        r.language[i] = 1 if table[number, LANGUAGE] > 0.0 else 0
