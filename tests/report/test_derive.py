import polars as pl
import pytest

from sim.model.ledger import KINDS, Party
from sim.report.derive import all_effects

KEYS = {"draw": 0, "replication": 0, "scenario": "base", "municipality": "0480"}


def effect(indicator: str, difference: float, group: str = "all") -> dict[str, object]:
    return {
        **KEYS,
        "policy": "policy",
        "group": group,
        "indicator": indicator,
        "month": 1,
        "difference": difference,
    }


def level(policy: str, indicator: str, month: int, value: float) -> dict[str, object]:
    return {**KEYS, "policy": policy, "group": "all", "indicator": indicator, "month": month, "value": value}


def derived(
    effects: list[dict[str, object]], series: list[dict[str, object]] | None = None
) -> dict[str, float]:
    levels = series or [level(policy, "employed", 1, 1.0) for policy in ("baseline", "policy")]
    rows = all_effects(pl.DataFrame(effects), pl.DataFrame(levels))
    return {f"{row['indicator']}/{row['group']}": row["difference"] for row in rows.iter_rows(named=True)}


def flows() -> list[dict[str, object]]:
    """Every kind of payment changes by another amount."""
    return [effect(f"cum_flow_{kind.name}", float(index + 1)) for index, kind in enumerate(KINDS)]


SEXES = [effect("employed", 7.0, "women"), effect("employed", 10.0, "men")]


def test_the_parts_of_the_municipality_sum_to_what_the_ledger_says_it_nets() -> None:
    found = derived(flows() + SEXES)
    net = sum(
        float(index + 1) * ((kind.payee is Party.MUNICIPALITY) - (kind.payer is Party.MUNICIPALITY))
        for index, kind in enumerate(KINDS)
    )
    parts = ("reform_cost", "assistance", "state_grants", "tax_after", "other")
    assert sum(found[f"cum_municipality_{part}/all"] for part in parts) == pytest.approx(net)


@pytest.mark.parametrize(
    ("assistance", "insurance", "moved"),
    [(-7.0, 3.0, 3.0), (-2.0, 3.0, 2.0), (-7.0, -1.0, 0.0), (4.0, 3.0, 0.0)],
)
def test_moved_is_what_a_fall_in_assistance_and_a_rise_in_insurance_share(
    assistance: float, insurance: float, moved: float
) -> None:
    found = derived(
        [effect("cum_flow_assistance", assistance), effect("cum_flow_insurance", insurance), *SEXES]
    )
    assert found["cum_moved/all"] == moved


def test_the_sexes_are_compared_within_the_pair() -> None:
    assert derived(flows() + SEXES)["employed/women_minus_men"] == -3.0


def test_the_change_of_the_exit_rate_is_the_hazard_ratio_less_one() -> None:
    series = [
        level(policy, indicator, 1, value)
        for policy, exits in (("baseline", 20.0), ("policy", 18.0))
        for indicator, value in (
            ("exits_to_work_clients", exits),
            ("clients_at_risk", 200.0),
            ("held_losses", 0.0),
            ("delayed_losses", 2.0 if policy == "policy" else 0.0),
        )
    ]
    found = derived(flows() + SEXES, series)
    assert found["client_exit_change/all"] == pytest.approx(-0.1)
    assert found["hazard_dip/all"] == pytest.approx(-0.1)
    assert found["hazard_lock_in/all"] == 0.0
