"""The five reforms: each key that docs/cases.md names is in its case file, and each lever of a case acts."""

import re
from typing import Any

import pytest

from sim.core.months import month_number
from sim.core.paths import root
from sim.data.tables import table
from sim.policy.case import Case, load_case
from sim.policy.casefile import case_paths, parse_case
from sim.policy.compiled import compile_policy
from sim.policy.priors import central, draw_parameters
from sim.policy.quantity import Range
from sim.policy.uncertain import case_priors, model_parameters

CASES = ("falkoping", "monsteras", "nykoping", "osby", "sydostra-skane")
CODES = {
    "falkoping": ("1499",),
    "monsteras": ("0861", "0821", "0882"),
    "nykoping": ("0480",),
    "osby": ("1273",),
    "sydostra-skane": ("1286", "1270", "1291", "1265"),
}
STARTS = {
    "falkoping": "2017-01", "monsteras": "2017-06", "nykoping": "2023-09", "osby": "2018-09",
    "sydostra-skane": "2018-03",
}  # fmt: skip
PROMISED = {("ninety_day_guarantee", "days"), ("job_tracks", "cohorts"), ("job_tracks", "every_months")}
STATED = (str, bool, tuple, type(None))


def chapters() -> dict[str, list[str]]:
    """The rows of the table of each case."""
    text = (root() / "docs" / "cases.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    return {
        part.split("\n")[0]: re.findall(r"^\| (?!---|what)(.+) \|$", part, re.MULTILINE) for part in parts
    }


def stated(case: Case) -> dict[str, Any]:
    """The document of a case by the keys of ``--set``."""
    document = case.to_document()
    found: dict[str, Any] = {key: value for key, value in document.items() if key != "policy"}
    for key in ("starting_position", "population", "parameters"):
        found |= {f"{key}.{name}": value for name, value in document.get(key, {}).items()}
    for index, entry in enumerate(document["policy"]):
        name = case.instance_name(index)
        found[name] = entry
        found |= {f"{name}.{key}": value for key, value in entry.items()}
        found |= {f"{name}.{key}": value for key, value in case.policy[index]}  # defaults act too
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_key_that_the_guide_names_is_in_the_case(name: str) -> None:
    rows, known = chapters()[name], stated(load_case(name))
    assert len(rows) >= 9
    for row in rows:
        keys = re.findall(r"`([^`]+)`", row.split(" | ")[1])
        assert keys, row
        assert [key for key in keys if key not in known] == []


def test_the_guide_and_the_folder_hold_the_same_cases() -> None:
    assert set(chapters()) == set(CASES) <= set(case_paths())


@pytest.mark.parametrize("name", CASES)
def test_a_case_names_places_dates_and_nothing_left_out(name: str) -> None:
    case = load_case(name)
    assert case.municipalities == CODES[name]
    assert case.start == STARTS[name]
    assert month_number(case.start) <= month_number(case.known_until) < month_number(case.start) + 12
    assert case.horizon >= 48
    assert case.not_expressed == ()
    assert parse_case(name, case.to_document(), "again") == case


@pytest.mark.parametrize("name", CASES)
def test_peers_are_official_and_none_of_the_case(name: str) -> None:
    case = load_case(name)
    peers = table("peers").filter(kind="labour_market")
    known = set(peers.filter(peers["code"].is_in(list(case.municipalities)))["peer_code"])
    assert set(case.compare_with) <= known - set(case.municipalities)
    assert case.compare_with


@pytest.mark.parametrize("name", CASES)
def test_every_instance_acts_where_it_says(name: str) -> None:
    case = load_case(name)
    draw = central(case_priors(case))
    for index, instance in enumerate(case.policy):
        for code in case.municipalities:
            alone = case.model_copy(update={"policy": (instance,)})
            first_of_its_lever = f"{instance.lever}[0]"
            renamed = {
                key.replace(case.instance_name(index), first_of_its_lever): value
                for key, value in draw.items()
                if not key.startswith(first_of_its_lever) or first_of_its_lever == case.instance_name(index)
            }
            policy = compile_policy(alone, renamed, municipality=code)
            acts = not instance.municipalities or code in instance.municipalities
            assert (policy.first_month is not None) == acts
            if acts:
                assert policy.first_month == month_number(instance.start)


@pytest.mark.parametrize("name", CASES)
def test_every_dose_is_a_range_unless_it_is_stated(name: str) -> None:
    case = load_case(name)
    for instance in case.policy:
        for key, value in instance.settings.items():
            if (instance.lever, key) not in PROMISED:
                assert isinstance(value, (Range, *STATED)), f"{instance.lever}.{key}"
        assert isinstance(instance.fidelity, Range) or instance.lever == "priority_groups"


@pytest.mark.parametrize("name", CASES)
def test_every_draw_compiles(name: str) -> None:
    case = load_case(name)
    for draw in draw_parameters(case_priors(case), 8, 1):
        for code in case.municipalities:
            assert compile_policy(case, draw, municipality=code).first_month == case.first_month or (
                name == "monsteras" and code != "0861"
            )


def test_the_unit_of_monsteras_is_where_its_case_starts_from() -> None:
    case = load_case("monsteras")
    draw = central(case_priors(case))
    parameters = model_parameters(case, draw)
    assert parameters["starting_staff"] == 12.0
    assert parameters["starting_places"] == 37.5


def test_the_thousand_newcomers_of_the_south_east_are_for_all_four() -> None:
    assert load_case("sydostra-skane").population.extra_newcomers == 1000
