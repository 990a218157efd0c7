"""The ledger: every krona has a payer, a payee, a kind and a month, and all parties together sum to nothing.

Amounts are int64 öre. Kinds are declared once; rules add to a kind's monthly total, and who pays whom
follows from the declaration. Savings and transfers are told apart by looking at which parties a kind joins.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Party(IntEnum):
    """Whoever pays or is paid."""

    MUNICIPALITY = 0
    REGION = 1
    STATE = 2
    FUNDS = 3
    JOINT = 4
    EMPLOYER = 5
    PERSON = 6
    SUPPLIER = 7


PUBLIC = (Party.MUNICIPALITY, Party.REGION, Party.STATE, Party.FUNDS, Party.JOINT)
PAYERS = (*PUBLIC, Party.EMPLOYER, Party.PERSON)
REFORM_KINDS = ("staff", "premises", "meetings", "places", "investment")


@dataclass(frozen=True)
class Kind:
    """One kind of payment: its name, payer and payee."""

    name: str
    payer: Party
    payee: Party


_M, _R, _S, _F, _E, _P, _X = (
    Party.MUNICIPALITY,
    Party.REGION,
    Party.STATE,
    Party.FUNDS,
    Party.EMPLOYER,
    Party.PERSON,
    Party.SUPPLIER,
)

_RULE_KINDS = (
    Kind("wage", _E, _P),
    Kind("employer_contribution", _E, _S),
    Kind("wage_subsidy", _S, _E),
    Kind("place_wage", _M, _P),
    Kind("place_contribution", _M, _S),
    Kind("place_subsidy", _S, _M),
    Kind("insurance", _F, _P),
    Kind("insurance_grant", _S, _F),
    Kind("activity_support", _S, _P),
    Kind("establishment_benefit", _S, _P),
    Kind("student_support", _S, _P),
    Kind("other_benefit", _S, _P),
    Kind("assistance", _M, _P),
    Kind("assistance_administration", _M, _X),
    Kind("municipal_tax", _P, _M),
    Kind("region_tax", _P, _R),
    Kind("in_work_credit", _S, _P),
    Kind("municipal_equalisation", _M, _S),
    Kind("region_equalisation", _R, _S),
    Kind("newcomer_grant", _S, _M),
    Kind("training_cost", _S, _X),
    Kind("guidance_cost", _S, _X),
    Kind("study_cost", _M, _X),
    Kind("newcomer_benefit_share", _M, _S),
    Kind("cofinancing", _M, _S),
)
KINDS = _RULE_KINDS + tuple(
    Kind(f"reform_{kind}_{payer.name.lower()}", payer, _X) for kind in REFORM_KINDS for payer in PAYERS
)
"""All kinds, in the order of the flow columns."""

KIND_INDEX = {kind.name: index for index, kind in enumerate(KINDS)}


def balances(flows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each party's money in minus money out.

    Args:
        flows: Öre by kind on the last axis, int64.

    Returns:
        Öre by party on the last axis, int64; the sum over parties is exactly zero.
    """
    net = np.zeros((*flows.shape[:-1], len(Party)), dtype=np.int64)
    for index, kind in enumerate(KINDS):
        net[..., kind.payer] -= flows[..., index]
        net[..., kind.payee] += flows[..., index]
    return net


def split(amount: int, shares: tuple[tuple[str, float], ...]) -> list[tuple[str, int]]:
    """Split an amount by shares so that the parts are whole öre and sum exactly to it."""
    parts: list[tuple[str, int]] = []
    left = amount
    for number, (payer, share) in enumerate(shares):
        part = left if number == len(shares) - 1 else round(amount * share)
        parts.append((payer, part))
        left -= part
    return parts
