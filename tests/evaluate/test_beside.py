"""What is published beside the outcome: levels of single years, per resident, by hand for two cases."""

import pytest

from sim.data.facts import observations
from sim.evaluate.ex_post.beside import published_levels
from sim.evaluate.panels.designs import case_design, residents
from sim.policy.case import load_case


def test_levels_are_those_of_the_tables_per_thousand_residents() -> None:
    levels = published_levels(case_design(load_case("falkoping")))
    stock = next(level for level in levels if (level.name, level.year) == ("af_stock", 2018))
    rows = observations("af_stock").filter(code="1499")
    months = [row["value"] for row in rows.iter_rows(named=True) if row["period"].startswith("2018")]
    assert len(months) == stock.months == 12
    assert stock.treated == pytest.approx(1000 * sum(months) / 12 / residents(2018)["1499"])
    assert stock.low < stock.middle < stock.high and stock.others == 80


def test_a_year_is_before_only_when_it_ended_before_the_start() -> None:
    by_case = {
        name: {
            (level.name, level.year): level.before for level in published_levels(case_design(load_case(name)))
        }
        for name in ("falkoping", "osby")
    }
    assert by_case["osby"]["assistance_households_month", 2017]  # starts 2018-09
    assert not by_case["falkoping"]["assistance_households_month", 2017]  # starts 2017-01


def test_a_cluster_is_the_sum_of_its_members() -> None:
    design = case_design(load_case("sydostra-skane"))
    level = next(one for one in published_levels(design) if (one.name, one.year) == ("af_stock", 2018))
    rows = observations("af_stock")
    total = sum(
        row["value"] / 12
        for row in rows.iter_rows(named=True)
        if row["code"] in design.treated and row["period"].startswith("2018")
    )
    size = sum(residents(2018)[code] for code in design.treated)
    assert level.treated == pytest.approx(1000 * total / size)
