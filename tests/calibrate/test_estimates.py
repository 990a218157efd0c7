"""Estimates as scenarios read them, and the draws of a case that come from them."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.calibrate.municipality import Calibrated, write
from sim.core import sources
from sim.core.errors import SamspelError
from sim.core.sources import meaning_hash
from sim.experiment import drawn
from sim.policy.case import load_case
from sim.policy.estimates import (
    MUNICIPAL,
    POINTS,
    Estimate,
    load_estimate,
    municipal_priors,
    national_points,
    national_priors,
)
from sim.policy.vintage import changed_since, made_with

VALUES = np.column_stack([np.linspace(0.8, 1.2, POINTS), np.linspace(0.1, 0.3, POINTS), np.full(POINTS, 0.2)])


def found(code: str = "1273") -> Calibrated:
    document = {"municipality": "Osby", "made_with": made_with(), "season": [1.0] * 12, "fit": []}
    return Calibrated(code, VALUES, document)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    assert load_estimate("1273", tmp_path) is None
    write(found(), tmp_path)
    estimate = load_estimate("1273", tmp_path)
    assert estimate is not None
    assert estimate.draws == pytest.approx(VALUES, rel=1e-6)
    assert estimate.season == (1.0,) * 12
    assert estimate.at(3) == dict(zip(MUNICIPAL, estimate.draws[3].tolist(), strict=True))
    assert changed_since(estimate.document) == ()
    assert not list(tmp_path.rglob(".*")), "no temporary file is left"


def test_an_estimate_of_other_data_is_stale() -> None:
    assert changed_since({"made_with": {**made_with(), "data": "other"}}) == ("data",)
    assert changed_since({}) == ("data", "priors", "model", "method")


def test_comments_do_not_make_estimates_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    texts = {"docs": '"""Doc."""\nx = 1  # one\n', "plain": "x = 1\n", "other": "x = 2\n"}
    hashes = {}
    for name, text in texts.items():
        (tmp_path / name / "core").mkdir(parents=True)
        (tmp_path / name / "core" / "a.py").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sources, "_SOURCES", ("core",))
        monkeypatch.setattr(sources, "_PACKAGE", tmp_path / name)
        meaning_hash.cache_clear()
        hashes[name] = meaning_hash()
    meaning_hash.cache_clear()
    assert hashes["docs"] == hashes["plain"] != hashes["other"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "draws" / "1273.parquet").write_bytes(b"no table"), "not a Parquet file"),
        (lambda folder: (folder / "draws" / "1273.parquet").unlink(), "is missing beside its other half"),
        (lambda folder: (folder / "1273.yaml").write_text("season: [1, 2]\n", encoding="utf-8"), "season"),
        (
            lambda folder: pl.DataFrame({"point": [0], "entry_levl": [1.0]}).write_parquet(
                folder / "draws" / "1273.parquet"
            ),
            "is entry_levl meant",
        ),
    ],
)
def test_a_damaged_estimate_is_named_with_the_command_that_mends_it(
    tmp_path: Path, damage: object, message: str
) -> None:
    write(found(), tmp_path)
    damage(tmp_path)  # type: ignore[operator]
    with pytest.raises(SamspelError, match=re.escape(message)) as error:
        load_estimate("1273", tmp_path)
    assert "samspel calibrate 1273" in str(error.value)


def test_three_parameters_are_a_municipality_s_own_and_all_others_national() -> None:
    assert tuple(prior.name for prior in municipal_priors()) == MUNICIPAL
    assert all(prior.identified for prior in municipal_priors())
    assert not any(prior.identified for prior in national_priors())
    assert len(national_points(7)) == 7


@pytest.fixture
def calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every municipality but Högsby the same made-up estimate."""
    estimate = Estimate("", VALUES, (1.0,) * 12, {})
    monkeypatch.setattr(
        drawn,
        "load_estimate",
        lambda code: None if code == "0821" else dataclasses.replace(estimate, code=code),
    )


@pytest.mark.usefixtures("calibrated")
def test_a_draw_keeps_what_was_fitted_together() -> None:
    case = load_case("osby")
    national = national_points()
    for one in drawn.case_draws(case, 5, seed=3):
        place = one.places["1273"]
        point = int(np.argmin(np.abs(VALUES[:, 0] - place["entry_level"])))
        assert place["job_finding_reference"] == pytest.approx(VALUES[point, 1])
        stated = set(case.parameters) | {"unit_caseload"}
        for name, value in national[point].items():
            if name not in stated:
                assert one.values[name] == value


@pytest.mark.usefixtures("calibrated")
def test_more_draws_add_draws_at_the_end_and_points_come_again() -> None:
    case = load_case("osby")
    few, many = list(drawn.case_draws(case, 3, 1)), list(drawn.case_draws(case, POINTS + 3, 1))
    assert many[:3] == few
    assert [one.places for one in many[POINTS:]] == [one.places for one in few]
    assert many[POINTS].values != few[0].values, "levers are drawn anew"
    assert next(iter(drawn.case_draws(case, 3, 2))).places != few[0].places


@pytest.mark.usefixtures("calibrated")
def test_what_a_case_states_goes_before_what_was_calibrated() -> None:
    case = load_case("osby").model_copy(update={"parameters": {"take_up_rate": 0.3, "coach_hours": 60.0}})
    for one in drawn.case_draws(case, 3, 1):
        assert one.values["take_up_rate"] == one.places["1273"]["take_up_rate"] == 0.3
        assert one.values["coach_hours"] == 60.0


@pytest.mark.usefixtures("calibrated")
def test_a_municipality_without_an_estimate_keeps_its_wide_prior() -> None:
    case = load_case("monsteras")
    draws = list(drawn.case_draws(case, 60, 1))
    entry = {code: [one.places[code]["entry_level"] for one in draws] for code in case.municipalities}
    assert max(entry["0861"]) <= 1.2 + 1e-9
    assert max(entry["0821"]) > 1.5
    low, high = np.quantile(entry["0821"], [0.1, 0.9])
    assert low < 0.7 < 1.4 < high


@pytest.mark.usefixtures("calibrated")
def test_the_central_draw_is_the_median_of_the_estimate() -> None:
    one = drawn.central_draw(load_case("osby"))
    assert one.places["1273"]["entry_level"] == pytest.approx(1.0, abs=0.01)
