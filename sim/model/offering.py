"""What is offered in a month, within capacity: AF's activities, municipal places and the policy's other
offers.

Public names: `assign_activities` and `fill_places`.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.rounds import InEach
from sim.model.rules.activities import assign
from sim.model.rules.casework import in_use
from sim.model.rules.offers import offer
from sim.model.rules.placing import place
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


@InEach
def assign_activities(model: "LabourMarketModel", one: "Place") -> None:
    """AF's activities, within capacity; those who have been promised one come first."""
    promise = (
        one.channel(Channel.GUARANTEE_DAYS),
        one.channel(Channel.GUARANTEE_FROM_AGE),
        one.channel(Channel.GUARANTEE_TO_AGE),
        one.channel(Channel.GUARANTEE_HONOURED),
    )
    begun, refused, promised, short = assign(
        one.tables,
        one.known,
        model.keys,
        model.month,
        one.employment_service.activity_room(),
        one.channel(Channel.ASSIGNMENT),
        promise,
        one.channel(Channel.PRIORITY),
    )
    one.tally["activity_starts"] = begun
    one.tally["waiting_activity"] = refused
    one.tally["promises_kept"] = promised
    one.tally["promises_short"] = short


@InEach
def fill_places(model: "LabourMarketModel", one: "Place") -> None:
    """Municipal places and the policy's other offers, within capacity."""
    places, offers, _, _ = in_use(one.tables, one.known)
    _fill_places(model, one, places)
    _make_offers(model, one, offers)


def _fill_places(model: "LabourMarketModel", one: "Place", places: NDArray[np.int64]) -> None:
    unit = one.unit
    ordinary, created = unit.policy_places()
    total = ordinary + created
    practice = [
        one.p.baseline_practice_share,
        one.whole(Channel.PRACTICE_SHARE),
        one.whole(Channel.ASSOCIATION_PRACTICE),
    ]
    eligible = one.channel(Channel.ELIGIBLE)
    placed, waiting, taken = place(
        one.tables,
        one.known,
        model.keys,
        unit.free_places(places),
        ordinary / total if total > 0.0 else 0.0,
        np.array(practice),
        (eligible, eligible, one.channel(Channel.ASSOCIATION_ELIGIBLE)),
        one.channel(Channel.PRIORITY),
    )
    one.tally["placed"] = placed
    one.tally["waiting_place"] = waiting
    one.take_vacancies(taken)


def _make_offers(model: "LabourMarketModel", one: "Place", offers: NDArray[np.int64]) -> None:
    eligible = (
        one.channel(Channel.SUBSIDISED_ELIGIBLE),
        one.channel(Channel.ELIGIBLE),
        one.channel(Channel.EDUCATION_ELIGIBLE),
        one.channel(Channel.SFI_ELIGIBLE),
    )
    free = one.unit.free_offers(offers)
    begun, taken = offer(
        one.tables,
        one.known,
        model.keys,
        free,
        eligible,
        one.channel(Channel.PRIORITY),
        one.state.vacancies,
        one.whole(Channel.EDUCATION_MONTHS),
    )
    names = ("subsidised_starts", "kept_jobs_filled", "education_starts", "sfi_starts")
    one.tally.update({name: int(number) for name, number in zip(names, begun, strict=True)})
    one.take_vacancies(taken)
