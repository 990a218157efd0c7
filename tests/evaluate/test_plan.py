"""A sealed plan: it reads back, and any edit is refused with what changed."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sim.core.errors import SamspelError
from sim.evaluate.ex_post.plan import Plan, read_plan, seal_plan

PLAN = Plan("falkoping", "stativ_share", "prepath_regression", 2019, ("Tranås", "Motala"), 0.5, "a rule")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    seal_plan(PLAN, tmp_path / "plan.yaml", "2026-11-28")
    return tmp_path / "plan.yaml"


def test_a_sealed_plan_reads_back_with_its_day(path: Path) -> None:
    assert read_plan(path) == (PLAN, "2026-11-28")


def test_an_edit_is_refused_and_shown(path: Path) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    document["plan"]["last"] = 2021
    document["plan"]["donors"] = ["Tranås", "Nora"]
    path.write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(SamspelError, match=r"donors: 1 gone \['Motala'\], 1 new \['Nora'\]") as error:
        read_plan(path)
    assert "last: sealed 2019, now 2021" in str(error.value)


def test_an_edit_of_plan_and_copy_breaks_the_seal(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("2019", "2021"), "utf-8")
    with pytest.raises(SamspelError, match="the seal is broken"):
        read_plan(path)


def test_an_earlier_day_breaks_the_seal(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("2026-11-28", "2016-11-28"), "utf-8")
    with pytest.raises(SamspelError, match="the seal is broken"):
        read_plan(path)


def test_a_sealed_plan_is_not_replaced(path: Path) -> None:
    with pytest.raises(SamspelError, match="a sealed plan is not replaced"):
        seal_plan(PLAN, path, "2026-11-29")


def test_deviations_name_the_field_and_both_values() -> None:
    assert PLAN.deviations(replace(PLAN, last=2021)) == {"last": (2019, 2021)}
    assert PLAN.deviations(PLAN) == {}
