"""What a comparison reads as a policy, and what of it may be scaled."""

from pathlib import Path

import pytest

from sim.core.errors import SamspelError
from sim.experiment.compare.candidates import Candidate, read_candidates
from sim.experiment.compare.doses import at_dose
from sim.policy.case import apply_settings, load_case
from sim.policy.casefile import case_paths
from sim.policy.quantity import Range

SKANE = load_case("sydostra-skane")


def read(*texts: str) -> list[Candidate]:
    return read_candidates(SKANE, texts)


def levers(candidate: Candidate) -> list[str]:
    return [instance.lever for instance in candidate.case.policy]


def test_parts_of_the_case_and_changes_of_it() -> None:
    tracks, rest, more, nothing = read(
        "only:job_tracks",
        "utan=without:job_tracks+coordination",
        "fler=job_tracks.places={low: 40, high: 80},job_tracks.cohorts=4,dose=vocational_sfi.places",
        "none",
    )
    assert (tracks.name, rest.name, more.name, nothing.name) == ("only:job_tracks", "utan", "fler", "none")
    assert levers(tracks) == ["job_tracks"]
    assert levers(rest) == ["vocational_sfi", "individual_plan", "employer_ties"]
    assert levers(more) == levers(read("sydostra-skane", "none")[0])
    settings = more.case.policy[0].settings
    assert settings["places"] == Range(low=40.0, high=80.0) and settings["cohorts"] == 4.0
    assert more.dose and more.dose.name == "vocational_sfi.places"
    assert levers(nothing) == [] and nothing.dose is None


def test_another_case_lends_its_policy_in_the_compared_municipalities_and_months() -> None:
    (own, lent) = read("nykoping")  # a single policy is compared with the case's own
    assert own.name == "sydostra-skane" and lent.case.municipalities == SKANE.municipalities
    original = load_case("nykoping")
    assert levers(lent) == [instance.lever for instance in original.policy]
    assert {instance.start for instance in lent.case.policy} == {"2018-03"}
    assert lent.case.parameters == SKANE.parameters and lent.case.horizon == SKANE.horizon


def test_a_case_file_is_a_policy_too(tmp_path: Path) -> None:
    text = case_paths()["sydostra-skane"].read_text(encoding="utf-8")
    path = tmp_path / "min_egen.yaml"
    path.write_text(text.replace("cohorts: 8", "cohorts: 2"), encoding="utf-8")
    candidate = read(f"egen={path}", "none")[0]
    assert candidate.name == "egen" and candidate.case.policy[0].settings["cohorts"] == 2.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("only:job_track", "Did you mean 'job_tracks'?"),
        ("only:municipal_placements", "a lever of the case: job_tracks, "),
        ("nykopng", "Did you mean 'nykoping'?"),
        ("job_tracks.place=3", "Did you mean 'places'?"),
        ("job_tracks.places=-3", "places"),
        ("scenario=boom", "the same for all (--set)"),
        ("starting_position.places=3", "the same for all (--set)"),
        ("a=only:job_tracks,dose=job_tracks.plces", "Did you mean 'job_tracks.places'?"),
        ("a=only:job_tracks,dose=vocational_sfi.places", "a number above zero that the policy sets"),
        ("borta.yaml", "there is no such file"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(SamspelError) as error:
        read("none", text)
    assert said in str(error.value)


def test_names_are_told_apart() -> None:
    for texts in (("a=none", "a=only:job_tracks"), ("sydostra-skane",)):
        with pytest.raises(SamspelError, match="each name once"):
            read(*texts)


def test_the_rule_takes_places_before_staff_before_hours() -> None:
    found = read("sydostra-skane", "only:individual_plan", "only:employer_ties", "only:coordination")
    doses = [one.dose.name if one.dose else "" for one in found]
    assert doses == [
        "job_tracks.places",
        "individual_plan.caseload",
        "employer_ties.staff_share",
        "coordination.meeting_hours",
    ]


def test_a_dose_is_multiplied_at_both_ends_and_stays_within_its_bounds() -> None:
    tracks, plan = read("only:job_tracks", "only:individual_plan")
    assert at_dose(tracks.case, tracks.dose, 2.0).policy[0].settings["places"] == Range(low=40.0, high=120.0)
    assert plan.dose and plan.dose.inverse
    assert at_dose(plan.case, plan.dose, 2.0).policy[0].settings["caseload"] == Range(low=10.0, high=15.0)
    for end in (plan.dose.low, plan.dose.high):
        caseload = at_dose(plan.case, plan.dose, end).policy[0].settings["caseload"]
        assert isinstance(caseload, Range) and 5.0 <= caseload.low <= caseload.high <= 200.0
    assert at_dose(tracks.case, tracks.dose, 1.0) is tracks.case


def test_a_stated_dose_is_scaled_in_all_its_uses() -> None:
    case = apply_settings(load_case("nykoping"), ["municipal_placements.places=100"])
    candidate = read_candidates(case, ["nykoping", "none"])[0]
    assert candidate.dose and candidate.dose.name == "municipal_placements.places"
    scaled = at_dose(case, candidate.dose, 0.5)
    places = [one.settings.get("places") for one in scaled.policy if one.lever == "municipal_placements"]
    others = [one.settings.get("places") for one in scaled.policy if one.lever == "civil_society"]
    assert places == [50.0] and others == [Range(low=5.0, high=40.0)]
