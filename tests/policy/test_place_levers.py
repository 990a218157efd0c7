"""Job tracks and the levers that open places or reach out: their rules, worked out by hand."""

from typing import get_args

import pytest
from policy_worlds import case, effects, instance, lever

from sim.core.months import month_number
from sim.policy.channels import SEGMENTS, Channel
from sim.policy.compiled import compile_policy
from sim.policy.levers.civil_society import CivilSociety
from sim.policy.levers.job_tracks import JobTracks, WorkField
from sim.policy.levers.municipal_placements import MunicipalPlacements
from sim.policy.levers.registry import explain, settings_of
from sim.policy.levers.subsidised_jobs import SubsidisedJobs
from sim.policy.levers.vocational_sfi import VocationalSfi
from sim.policy.levers.youth_outreach import YouthOutreach
from sim.policy.starting import StartingPosition
from sim.policy.tracks import FIELDS

START = StartingPosition(caseload=25)
FIRST = month_number("2023-09")


def test_fields_of_a_track_are_those_of_the_model() -> None:
    assert get_args(WorkField) == FIELDS


def test_a_track_is_drawn_scaled_and_dated() -> None:
    """Offers 0.5 x 0.8 x 0.5, gain 0.4 x 0.5; drop-out is not scaled. Cohorts every third month."""
    drawn = effects(track_partner_offer=0.8, track_gain=0.4, track_drop_out=0.03)
    (track,) = compile_policy(case(instance("job_tracks", fidelity=0.5, target=["newcomer"])), drawn).tracks
    assert track.name == "job_tracks[0]"
    assert track.fields == (0, 4)
    assert (track.places, track.shared) == (20, False)
    assert (track.language_entry, track.language_parallel) == (2, True)
    assert track.starts == (FIRST, FIRST + 3, FIRST + 6, FIRST + 9)
    assert (track.training_months, track.placement_months) == (6, 3)
    assert track.partner_share == pytest.approx(0.2)
    assert track.gain == pytest.approx(0.2)
    assert track.drop_out_rate == 0.03
    assert list(track.eligible) == [bool(segment & 1) for segment in range(SEGMENTS)]


def test_whole_numbers_are_the_nearest() -> None:
    track = JobTracks(places=9.6, training_months=5.7, language_entry=1.2).track(effects(), START, 1.0)
    assert track is not None
    assert (track.places, track.training_months, track.language_entry) == (10, 6, 1)
    nobody = JobTracks(places=0.3, training_months=5, coordinator_month=100)
    assert nobody.track(effects(), START, 1.0) is None
    assert nobody.costs(effects(), START) == ()


def test_municipalities_divide_the_places_or_fill_a_cohort_together() -> None:
    codes = ["0480", "0488"]
    apart, together = (
        case(instance("job_tracks", places=60, shared=shared), municipalities=codes)
        for shared in (False, True)
    )
    divided = [compile_policy(apart, effects(), municipality=code).tracks[0].places for code in codes]
    assert sum(divided) == 60
    assert divided[0] > divided[1] > 0
    shared = [compile_policy(together, effects(), municipality=code).tracks[0].places for code in codes]
    assert shared == [60, 60]


def test_a_cohort_begun_before_the_end_is_paid_until_it_is_done() -> None:
    """The last month is December; nine months of track begun then are over in August."""
    ending = case(instance("job_tracks", end="2023-12"))
    policy = compile_policy(ending, effects(track_cost_month=10_000, vocational_sfi_cost_month=6_000))
    assert policy.tracks[0].starts == (FIRST, FIRST + 3)
    assert {(line.unit, line.ore_per_unit, line.first, line.last) for line in policy.costs} == {
        ("track_participant", 1_130_000, FIRST, month_number("2024-08")),
        ("track_participant", 678_000, FIRST, month_number("2024-08")),
        ("month", 2_500_000, FIRST, month_number("2023-12")),
    }


def test_no_track_is_paid_beyond_the_horizon() -> None:
    policy = compile_policy(case(instance("job_tracks", start="2026-06")), effects())
    assert max(line.last for line in policy.costs) == FIRST + 35


def test_swedish_beside_the_track_is_not_free() -> None:
    beside, without = (
        JobTracks(places=10, training_months=6, language_parallel=parallel).costs(effects(), START)
        for parallel in (True, False)
    )
    extra = sum(rate.sek for rate in beside) - sum(rate.sek for rate in without)
    assert extra == pytest.approx(effects()["vocational_sfi_cost_month"])


def test_a_track_is_explained_in_words() -> None:
    text = explain("job_tracks")
    for words in (
        "any of care, school, trade_and_services",
        "places: 0; 0 to 2,000; places per cohort",
        "shared: no; yes or no",
        "acts through the cohorts of a job track",
        "track_gain",
        "SE_GBG22",
        "partner_share = s q phi",
    ):
        assert words in text
    assert "kind: goal; one of goal, duty" in explain("ninety_day_guarantee")
    rows = {row["setting"]: row for row in settings_of("single_organisation")}
    assert rows["payer"]["bounds"] == "one of as_today, state, municipality"


def test_places_in_swedish_and_in_education_are_apart() -> None:
    swedish = VocationalSfi(places=60).full_effect(effects(), START)
    assert swedish == {Channel.SFI_PLACES: 60.0, Channel.SFI_ELIGIBLE: 1.0}
    education = VocationalSfi(education_places=40)
    places = {Channel.EDUCATION_PLACES: 40.0, Channel.EDUCATION_ELIGIBLE: 1.0}
    assert education.full_effect(effects(), START) == places
    stated = VocationalSfi(education_places=40, education_months=6)
    assert stated.full_effect(effects(), START) == {**places, Channel.EDUCATION_MONTHS: 6.0}
    (rate,) = education.costs(effects(education_cost_month=9_500), START)
    assert (rate.unit, rate.sek) == ("education_participant", 9_500)


def test_subsidised_jobs_are_places_and_support() -> None:
    jobs = SubsidisedJobs(places=80, support_month=1_500)
    places = {Channel.SUBSIDISED_PLACES: 80.0, Channel.SUBSIDISED_ELIGIBLE: 1.0}
    assert jobs.full_effect(effects(), START) == places
    (rate,) = jobs.costs(effects(), START)
    assert (rate.unit, rate.sek, rate.indexed) == ("subsidised_place", 1_500, False)


def test_associations_have_places_of_two_kinds() -> None:
    assert CivilSociety(places=50, practice_share=0.6).full_effect(effects(), START) == {
        Channel.ASSOCIATION_PLACES: 50.0,
        Channel.ASSOCIATION_PRACTICE: 0.6,
        Channel.ASSOCIATION_ELIGIBLE: 1.0,
    }


def test_two_groups_of_association_places_mix_by_their_number() -> None:
    """50 places with 60 percent practice and 100 with none: 30 of 150."""
    second = instance("civil_society", places=100, practice_share=0.0)
    policy = compile_policy(case(instance("civil_society"), second), effects())
    assert policy.path[0, 0, Channel.ASSOCIATION_PRACTICE] == pytest.approx(0.2)


def test_outreach_is_scaled_by_fidelity_and_its_studies_are_not() -> None:
    policy = compile_policy(case(instance("youth_outreach", fidelity=0.4)), effects())
    assert policy.path[0, 0, Channel.OUTREACH] == pytest.approx(0.02)
    assert policy.path[0, 0, Channel.OUTREACH_STUDY] == 0.5
    (line,) = compile_policy(case(instance("youth_outreach")), effects(outreach_contact_cost=4_000)).costs
    assert (line.unit, line.ore_per_unit) == ("outreach_contact", 452_000)


def test_outreach_that_reaches_nobody_sends_nobody_to_study() -> None:
    assert YouthOutreach(study_share=0.5).full_effect(effects(), START) == {}


def test_jobs_may_be_kept_for_participants_without_any_placement() -> None:
    kept = MunicipalPlacements(hires_month=3)
    assert kept.full_effect(effects(), START) == {Channel.RESERVED_HIRES: 3.0, Channel.ELIGIBLE: 1.0}
    assert kept.costs(effects(), START) == ()
    both = lever("municipal_placements").full_effect(effects(), START)
    assert both[Channel.RESERVED_HIRES] == 2.0
    assert both[Channel.ORDINARY_PLACES] == pytest.approx(70)
