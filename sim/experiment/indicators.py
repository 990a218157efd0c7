"""Name the indicators that effects are kept of, so that a misspelt one is told before anything is run.

Public name: `effect_indicators`.
"""

from sim.experiment.pairs import TAXONOMY
from sim.model.counts import DURATIONS, Count
from sim.model.ledger import KINDS, Party
from sim.policy.levers.registry import LEVERS

_MONEY = (
    *(f"flow_{kind.name}" for kind in KINDS),
    *(f"net_{party.name.lower()}" for party in Party),
    "net_public",
    "assistance_paid",
)
_OFFICIAL = ("stativ_share", "bas_unemployed", "assistance_households_prelim")
_TALLIES = (
    "vacancies",
    "hires",
    "separations",
    "subsidised_hires",
    "partner_hires",
    "exits_to_work",
    "exits_to_work_clients",
    "held_losses",
    "delayed_losses",
    "af_returns",
    "af_inflow_from_work",
    "plans",
    "placed",
    "activity_starts",
    "track_starts",
    "waiting_activity",
    "waiting_place",
    "waiting_track",
    "promises_kept",
    "promises_short",
    "outreach_contacts",
    "places_in_use",
    "association_places_in_use",
    "subsidised_places_in_use",
    "subsidised_starts",
    "education_starts",
    "sfi_starts",
    "kept_jobs_filled",
    "sanctions",
    "assistance_entries",
    "assistance_exits",
    "assistance_exits_without_work",
    *(f"{what}_{duration}" for what in ("registered", "exits") for duration in DURATIONS),
)
_COSTS = tuple(f"cost_{lever}_{kind}" for lever in LEVERS for kind in ("running", "investment"))


def effect_indicators() -> tuple[str, ...]:
    """Return the names of the indicators that effects are kept of; ``cum_`` is money since the start."""
    counted = tuple(item.name for item in Count)
    accumulated = tuple(f"cum_{name}" for name in _MONEY)
    return (*counted, *_OFFICIAL, *_TALLIES, *TAXONOMY, *_MONEY, *accumulated, *_COSTS)
