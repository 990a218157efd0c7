import pickle
from pathlib import Path

import pytest

from sim.core.errors import SamspelError
from sim.core.months import month_number
from sim.policy.institutions import institutions_at
from sim.policy.rules import load_rules


@pytest.mark.parametrize("text", ["2017-01", "2018-12", "2023-08", "2023-09", "2027-08"])
def test_every_month_of_both_starts_has_all_rules(text: str) -> None:
    rules = institutions_at(month_number(text), "0480")
    assert len(rules.common_costs) == 7
    assert len(rules.housing) == 5
    assert rules.norm_single < rules.norm_couple
    assert rules.ui_floor_day <= rules.ui_cap_later_day <= rules.ui_cap_first_day
    assert pickle.loads(pickle.dumps(rules)) == rules


def test_the_norm_of_2017_and_its_rise_in_2018_are_those_published() -> None:
    """2 980 + 950 = 3 930 in 2017; 1.6 percent more, rounded to tens, is the stated 4 000 in 2018."""
    first, second = (institutions_at(month_number(text)) for text in ("2017-06", "2018-06"))
    assert first.norm_single + first.common_costs[0] == 3930
    assert second.norm_single + second.common_costs[0] == 4000


def test_the_norm_for_children_is_the_mean_over_years_of_age() -> None:
    """2017: (1860 + 2 x 2100 + 1850 + 3 x 2100) / 7 and (2690 + 3120 + 3540) / 3."""
    rules = institutions_at(month_number("2017-06"))
    assert rules.norm_child_young == pytest.approx(2030)
    assert rules.norm_child_old == pytest.approx(9350 / 3)


def test_insurance_changed_in_april_2020() -> None:
    before, after = (institutions_at(month_number(text)) for text in ("2020-03", "2020-04"))
    assert (before.ui_floor_day, before.ui_cap_first_day, before.ui_cap_later_day) == (365, 910, 760)
    assert (after.ui_floor_day, after.ui_cap_first_day, after.ui_cap_later_day) == (510, 1200, 1000)


def test_norms_after_the_last_known_year_are_carried_on_and_noted() -> None:
    known, later = (institutions_at(month_number(text)) for text in ("2024-06", "2026-06"))
    assert later.norm_single == known.norm_single
    notes = {note.rule: note for note in later.notes}
    assert notes["norm.single_adult_personal"].status == "carried"
    assert "2024-12" in notes["norm.single_adult_personal"].text_sv
    assert "norm.single_adult_personal" not in {note.rule for note in known.notes}


def test_remembered_figures_are_noted() -> None:
    notes = {note.rule: note.status for note in institutions_at(month_number("2023-09")).notes}
    assert notes["insurance.cap_first_day"] == "memory"
    assert notes["housing.accepted"] == "assumed"


def test_taxes_are_the_municipality_s_own() -> None:
    nykoping = institutions_at(month_number("2023-09"), "0480")
    assert nykoping.municipal_tax_rate == pytest.approx(0.2142)
    assert nykoping.region_tax_rate == pytest.approx(0.1083)
    assert institutions_at(month_number("2023-09"), "1286").region_tax_rate == pytest.approx(0.1118)
    assert 0.30 < sum(institutions_at(month_number("2023-09"), "2480").__dict__[k] for k in
                      ("municipal_tax_rate", "region_tax_rate")) < 0.36  # fmt: skip


def test_flags_of_insurance_by_instrument() -> None:
    rules = institutions_at(month_number("2023-09"))
    assert rules.qualifies("municipal_employment")
    assert not rules.qualifies("practice")
    with pytest.raises(SamspelError, match="Did you mean 'practice'"):
        rules.qualifies("practise")


def test_a_month_before_the_data_is_refused() -> None:
    with pytest.raises(SamspelError, match=r"'2016-12' is not allowed\. Allowed: 2017-01 or later"):
        institutions_at(month_number("2016-12"))


def test_an_unknown_municipality_is_refused() -> None:
    with pytest.raises(SamspelError, match="9999"):
        institutions_at(month_number("2023-09"), "9999")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "- {rule: a.b, unit: x, values: [{from: 2018-01, to: 2017-01, value: 1, status: seen}]}",
            "from <= to",
        ),
        ("- {rule: a.b, unit: x, values: [{from: 2018-01, value: 1, status: sen}]}", "Did you mean 'seen'?"),
        ("- {rule: a.b, unit: x, values: [{from: 2018-13, value: 1, status: seen}]}", "2018-13"),
        ("- {rule: a.b, unit: x, values: [{form: 2018-01, value: 1, status: seen}]}", "Did you mean 'from'?"),
        ("- {rule: a.b, unit: x, values: []}", "at least 1 item"),
        ("rule: a.b", "a list of entries"),
        (
            "- {rule: a.b, unit: x, values: [{from: 2017-01, to: 2018-12, value: 1, status: seen}, "
            "{from: 2018-01, value: 2, status: seen}]}",
            "without overlap",
        ),
        ("- {rule: a.b, unit: [", "is not valid YAML"),
    ],
)
def test_a_bad_rule_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "tax.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SamspelError) as error:
        load_rules(tmp_path)
    assert words in str(error.value)
    assert "tax.yaml" in str(error.value)


def test_a_rule_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = "- {rule: a.b, unit: x, values: [{value: 1, status: seen}]}"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SamspelError, match="each rule once"):
        load_rules(tmp_path)


def test_every_figure_keeps_how_it_was_verified() -> None:
    statuses = {value.status for rule in load_rules().values() for value in rule.values}
    assert statuses == {"seen", "derived", "memory", "assumed", "not_found"}
    assert sum(len(rule.values) for rule in load_rules().values()) >= 233
