from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.errors import SamspelError
from sim.policy.priors import Prior, central, draw_parameters, load_priors

VALIDATION_ROWS = (
    "SE_JOBBNATET10", "DK_MRS17", "DE_HHKW16", "SE_SFI10", "SE_VDB_RICH13", "SE_DJM09", "SE_PV14", "NO_DH22",
    "INT_CKW18",
)  # fmt: skip

ENTRY: dict[str, Any] = {
    "label_sv": "etikett", "label_en": "label", "unit": "days", "distribution": "triangular", "low": 3,
    "mode": 10, "high": 21, "grade": "C", "source": "assumption", "part": "lever",
}  # fmt: skip


def make(name: str = "a", **changes: Any) -> Prior:
    values = {"name": name, **ENTRY}
    return Prior.model_validate(
        {key: value for key, value in {**values, **changes}.items() if value is not ...}
    )


KINDS = (
    make("a"),
    make("b", distribution="uniform", mode=None),
    make("c", distribution="fixed", low=None, high=None),
    make("d", distribution="lognormal"),
)


@given(n=st.integers(1, 70), more=st.integers(0, 70), seed=st.integers(0, 2**32))
def test_a_longer_list_only_adds_draws(n: int, more: int, seed: int) -> None:
    assert draw_parameters(KINDS, n + more, seed)[:n] == draw_parameters(KINDS, n, seed)


def test_a_parameter_added_last_leaves_the_others_alone() -> None:
    fewer = draw_parameters(KINDS[:2], 8, 3)
    assert [{key: draw[key] for key in "ab"} for draw in draw_parameters(KINDS, 8, 3)] == fewer


def test_the_seed_matters() -> None:
    assert draw_parameters(KINDS, 4, 1) != draw_parameters(KINDS, 4, 2)


@given(
    kind=st.sampled_from(["uniform", "triangular", "lognormal"]),
    numbers=st.lists(st.floats(0.01, 1e6), min_size=3, max_size=3, unique=True).map(sorted),
    u=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=9),
)
def test_quantiles_stay_within_bounds_and_rise(kind: str, numbers: list[float], u: list[float]) -> None:
    low, mode, high = numbers
    prior = make(distribution=kind, low=low, mode=None if kind == "uniform" else mode, high=high)
    values = prior.quantiles(np.array(sorted(u)))
    assert (values >= low * (1 - 1e-12)).all()
    assert (values <= high * (1 + 1e-12)).all()
    assert (np.diff(values) >= -1e-9 * high).all()


def test_triangular_quantiles_are_those_worked_out_by_hand() -> None:
    """F(10) = (10-3)/(21-3) = 7/18; the median solves 1 - (21-x)^2/(18*11) = 1/2, so x = 21 - sqrt(99)."""
    values = make().quantiles(np.array([0.0, 7 / 18, 0.5]))
    assert values == pytest.approx([3.0, 10.0, 21 - 99**0.5])


def test_lognormal_has_its_median_at_the_mode() -> None:
    assert make(distribution="lognormal").quantiles(np.array([0.0, 0.5])) == pytest.approx([3.0, 10.0])


def test_central_values() -> None:
    assert central(KINDS) == {"a": 10.0, "b": 12.0, "c": 10.0, "d": 10.0}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mode": 2}, "low <= mode <= high"),
        ({"high": None}, "triangular needs high"),
        ({"distribution": "fixed"}, "fixed does not take low"),
        ({"distribution": "lognormal", "low": 0}, "low > 0"),
        ({"distribution": "uniform", "mode": None, "low": 21}, "low < high"),
        ({"low": "3"}, "a number"),
        ({"grade": "D"}, "'A', 'B' or 'C'"),
        ({"hgih": 3}, "Did you mean 'high'?"),
        ({"unit": ...}, "unit is missing"),
        ({"distribution": "triangle"}, "Did you mean 'triangular'?"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    import yaml

    entry: dict[str, Any] = {"name": "waiting", **ENTRY}
    entry = {
        key: value for key, value in {**entry, **changes}.items() if value is not ... and value is not None
    }
    path = tmp_path / "levers.yaml"
    path.write_text(yaml.safe_dump([entry]), encoding="utf-8")
    with pytest.raises(SamspelError) as error:
        load_priors(tmp_path)
    assert words in str(error.value)
    assert "levers.yaml (waiting)" in str(error.value)


def test_a_name_in_two_files_is_refused(tmp_path: Path) -> None:
    entry = (
        "- {name: a, label_sv: abc, label_en: abc, unit: x, distribution: fixed, mode: 1, grade: C, "
        "source: abc, part: model}\n"
    )
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(SamspelError, match=r"two\.yaml: name = 'a' .* not in .*one\.yaml"):
        load_priors(tmp_path)


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("- name: a\n  name: b\n", encoding="utf-8")
    with pytest.raises(SamspelError, match="the key 'name' is given twice"):
        load_priors(tmp_path)


@pytest.mark.parametrize("n", [0, -3])
def test_too_few_draws_are_refused(n: int) -> None:
    with pytest.raises(SamspelError, match="at least 1"):
        draw_parameters(KINDS, n, 1)


def test_lever_priors_cite_no_row_kept_for_validation() -> None:
    ours = [prior for prior in load_priors() if prior.part == "lever"]
    assert len(ours) > 20
    for prior in ours:
        assert not any(row in prior.source for row in VALIDATION_ROWS), prior.name


def test_lever_effects_may_be_nil() -> None:
    """No gain is assumed: a cut or a fit starts at 0, the dip ends at no dip."""
    for prior in load_priors():
        if prior.part == "lever" and prior.name.endswith(("_cut", "_fit")):
            assert prior.bounds[0] == 0.0, prior.name
    bounds = {prior.name: prior.bounds for prior in load_priors()}
    for name in (
        "coordination_contact_cost", "targets_match", "newcomer_effort_loss", "guarantee_threat",
        "duty_sanction", "ties_match", "ties_openings",
    ):  # fmt: skip
        assert bounds[name][0] == 0.0, name
    assert bounds["dip_contact"][1] == bounds["dip_assignment"][1] == 1.0
    assert bounds["dip_assistance_days"][0] == 0.0
