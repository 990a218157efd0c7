import polars as pl
import pytest

from sim.model.ledger import KINDS, Party
from sim.report.derive import all_effects
from sim.report.unit_costs import cost_per_month

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
    parts = ("reform_cost", "assistance", "state_grants", "tax_after", "shared_benefits", "other")
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


def test_what_is_moved_is_shared_between_the_supports_that_rise_and_the_rest_is_saved() -> None:
    changes = {"assistance": -10.0, "insurance": 6.0, "activity_support": 3.0, "student_support": -5.0}
    found = derived([effect(f"cum_flow_{kind}", value) for kind, value in changes.items()] + SEXES)
    assert found["cum_moved/all"] == 4.0  # 6 + 3 - 5, less than the fall of 10
    assert found["cum_saved/all"] == 6.0
    parts = {kind: found[f"cum_moved_{kind}/all"] for kind in changes if kind != "assistance"}
    assert parts == pytest.approx(
        {"insurance": 4 * 6 / 9, "activity_support": 4 * 3 / 9, "student_support": 0.0}
    )


def test_a_rise_of_assistance_is_saved_with_a_minus() -> None:
    found = derived([effect("cum_flow_assistance", 4.0), effect("cum_flow_insurance", 3.0), *SEXES])
    assert (found["cum_moved/all"], found["cum_saved/all"]) == (0.0, -4.0)


def test_costs_and_months_in_work_are_summed_from_the_start() -> None:
    rows = [
        {**effect(indicator, value), "month": month}
        for indicator, values in {
            "employed": (2.0, -1.0, 4.0),
            "cost_job_tracks_running": (10.0, 20.0, 30.0),
            "cost_none": (1.0, 1.0, 1.0),
        }.items()
        for month, value in enumerate(values, 1)
    ]
    series = [level(policy, "employed", 1, 1.0) for policy in ("baseline", "policy")]
    found = all_effects(pl.DataFrame(rows), pl.DataFrame(series)).sort("month")
    by_name = {str(name): part["difference"].to_list() for (name,), part in found.group_by("indicator")}
    assert by_name["cum_employed"] == [2.0, 1.0, 5.0]
    assert by_name["cum_cost_job_tracks_running"] == [10.0, 30.0, 60.0]
    assert "cum_cost_none" not in by_name


def test_what_the_policy_costs_holds_the_wages_of_its_places_and_no_transfers() -> None:
    changes = {
        "reform_staff_state": 5.0,
        "place_wage": 7.0,
        "wage_subsidy": 2.0,
        "assistance": -4.0,
        "insurance": 1.0,
    }
    found = derived([effect(f"cum_flow_{kind}", value) for kind, value in changes.items()] + SEXES)
    assert found["cum_reform_cost/all"] == 14.0


def costs(pairs: list[tuple[float, float]]) -> pl.DataFrame:
    rows = [
        {**effect(indicator, value), "draw": draw}
        for draw, pair in enumerate(pairs)
        for indicator, value in zip(("cum_reform_cost", "cum_employed"), pair, strict=True)
    ]
    return pl.DataFrame(rows)


def test_a_month_in_work_costs_the_ratio_of_the_means() -> None:
    found = cost_per_month(costs([(100.0, 10.0), (300.0, 10.0), (200.0, 20.0)]), 1)
    assert found is not None
    assert found.mean == pytest.approx(600 / 40)
    assert 10.0 <= found.low < found.mean < found.high <= 30.0


def test_no_ratio_is_told_where_months_may_be_none() -> None:
    assert cost_per_month(costs([(100.0, 10.0), (300.0, -9.0), (200.0, 20.0)]), 1) is None
    assert cost_per_month(costs([(100.0, -10.0), (300.0, -11.0)]), 1) is None
    assert cost_per_month(costs([(1.0, 1.0)]), 2) is None


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
