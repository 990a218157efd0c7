"""Named posteriors: weights become draws, files read back, nothing is overwritten, damage is told."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sim.core.errors import SamspelError
from sim.experiment.drawn import case_draws
from sim.policy.case import load_case
from sim.policy.posteriors import Posterior, load_posterior, posterior_names, save_posterior
from sim.policy.uncertain import case_priors

TABLE = pl.DataFrame(
    {"point": [3, 5, 7, 9], "weight": [0.5, 0.25, 0.25, 0.0], "matching_k": [1.0, 1.1, 1.2, 1.3]}
)
POSTERIOR = Posterior("en-skattning", TABLE, {"source": "a test"})


def test_draws_come_as_often_as_their_weights_say() -> None:
    points = Counter(point for point, _ in POSTERIOR.draws(400, 1))
    assert points == {3: 200, 5: 100, 7: 100}
    assert list(POSTERIOR.draws(40, 1)) == list(POSTERIOR.draws(40, 1))
    assert list(POSTERIOR.draws(40, 1)) != list(POSTERIOR.draws(40, 2))


def test_a_posterior_reads_back_and_is_not_overwritten(tmp_path: Path) -> None:
    save_posterior(POSTERIOR, tmp_path)
    again = load_posterior("en-skattning", tmp_path)
    assert again.table.equals(TABLE) and again.document == {"source": "a test"}
    assert posterior_names(tmp_path) == ("en-skattning",)
    with pytest.raises(SamspelError, match="no posterior is overwritten"):
        save_posterior(POSTERIOR, tmp_path)


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    save_posterior(POSTERIOR, tmp_path)
    with pytest.raises(SamspelError, match="Did you mean 'en-skattning'"):
        load_posterior("en-skatning", tmp_path)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (TABLE.drop("weight"), "a column weight"),
        (TABLE.with_columns(weight=pl.lit(-1.0)), "weights of at least zero"),
        (TABLE.with_columns(point=pl.lit(400)), "point = 400"),
        (TABLE.with_columns(entry_level=pl.lit(1.0)), "not a municipality's own"),
    ],
)
def test_a_damaged_posterior_is_refused(tmp_path: Path, table: pl.DataFrame, said: str) -> None:
    save_posterior(replace(POSTERIOR, table=table), tmp_path)
    with pytest.raises(SamspelError, match=said):
        load_posterior("en-skattning", tmp_path)


def test_case_draws_take_points_and_parameters_from_a_posterior() -> None:
    case = load_case("falkoping")
    usual = list(case_draws(case, 4, 1))
    name = next(prior.name for prior in case_priors(case) if prior.part == "lever" and "[" not in prior.name)
    table = pl.DataFrame(
        {
            "point": [draw.point for draw in usual],
            "weight": [1.0, 0.0, 0.0, 0.0],
            name: [draw.values[name] for draw in usual],
        }
    )
    drawn = list(case_draws(case, 4, 1, Posterior("one", table, {})))
    assert {draw.point for draw in drawn} == {usual[0].point}
    assert all(draw.places == usual[0].places for draw in drawn)
    assert {draw.values[name] for draw in drawn} == {usual[0].values[name]}
    own = "single_organisation[0].scope"
    assert [draw.values[own] for draw in drawn] == [draw.values[own] for draw in usual]
