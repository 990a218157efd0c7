"""Accounting identities of small towns, month by month: people, flows, money, jobs, households."""

from collections.abc import Iterator

import numpy as np
import pytest
from model_worlds import START, everybody, inputs, model_of, policy, ran, started, tables, track

from sim.model.columns import CELLS, TIERS, Activity, Case, Presence, ResidentColumns, Status, Workplace
from sim.model.counts import Count
from sim.model.inputs import ModelInputs
from sim.model.layout import copied
from sim.model.ledger import KINDS, Party, balances
from sim.model.model import LabourMarketModel
from sim.model.rules.casework import in_use
from sim.model.rules.hiring import vacancies_next
from sim.model.schedule import SCHEDULE
from sim.policy.compiled import CompiledPolicy

MONTHS = 8
REFORM = policy(
    MONTHS, 2, contact=1.2, caseload=0.5, handover_days=0.4, assignment=1.3, ordinary_places=3,
    created_places=2, practice_share=0.5, eligible=1, assistance_days=10, activity_fit=0.5,
    subsidised_places=4, subsidised_eligible=1, association_places=3, association_eligible=1,
    education_places=3, education_eligible=1, sfi_places=3, sfi_eligible=1, reserved_hires=1.5, outreach=0.1,
    outreach_study=0.5, duty=0.6, duty_time=0.5, sanction=0.1, guarantee_days=90, guarantee_honoured=0.8,
    cofinancing=0.1, newcomer_payer=0.2,
    tracks=[track(starts=(START + 2,), places=8, training_months=1, placement_months=1, partner_share=0.6)],
)  # fmt: skip
"""What moves people in every way that there is."""
WORLDS = [
    pytest.param(seed, reform, id=f"seed{seed}-{'reform' if reform else 'baseline'}")
    for seed in (1, 2, 3)
    for reform in (None, REFORM)
]
REGISTERED = (Status.OPEN, Status.ACTIVITY)
SUPPORTED = (Status.PLACEMENT, Status.SUBSIDISED)
AT_WORK = (Status.PLACEMENT, Status.SUBSIDISED, Status.EMPLOYED)
FLOWS: dict[str, set[tuple[Status, Status]]] = {
    "age_and_move": {(status, Status.OUTSIDE) for status in Status},
    "separate_jobs": {(Status.EMPLOYED, Status.OPEN), (Status.EMPLOYED, Status.OUTSIDE)},
    "register_people": {
        (Status.OUTSIDE, Status.OPEN), (Status.STUDYING, Status.OPEN), (Status.STUDYING, Status.OUTSIDE),
        (Status.OPEN, Status.STUDYING), (Status.OPEN, Status.OUTSIDE), (Status.OUTSIDE, Status.STUDYING),
        (Status.ACTIVITY, Status.STUDYING), (Status.ACTIVITY, Status.OUTSIDE),
    },
    "assign_activities": {(Status.OPEN, Status.ACTIVITY)},
    "start_cohorts": {(Status.OPEN, Status.ACTIVITY)},
    "fill_places": {
        (Status.OPEN, Status.ACTIVITY), (Status.OPEN, Status.PLACEMENT), (Status.ACTIVITY, Status.PLACEMENT),
        (Status.OPEN, Status.SUBSIDISED), (Status.ACTIVITY, Status.SUBSIDISED),
        (Status.OPEN, Status.EMPLOYED), (Status.ACTIVITY, Status.EMPLOYED),
    },
    "advance_activities": {
        (Status.ACTIVITY, Status.OPEN), (Status.OPEN, Status.ACTIVITY), (Status.PLACEMENT, Status.OPEN),
        (Status.SUBSIDISED, Status.OPEN), (Status.SUBSIDISED, Status.EMPLOYED),
        (Status.ACTIVITY, Status.SUBSIDISED), (Status.ACTIVITY, Status.EMPLOYED),
    },
    "match_jobs": {
        (before, after) for before in Status for after in (Status.SUBSIDISED, Status.EMPLOYED)
    },
}  # fmt: skip
"""The changes of status that each process may make; others make none."""


class Step:
    """One process of one month, with the people before and after it."""

    def __init__(self, name: str, model: LabourMarketModel, before: ResidentColumns) -> None:
        self.name, self.model, self.before = name, model, before
        self.place = model.places[0]
        state = self.place.state
        self.after = copied(state.residents)
        self.vacancies = state.vacancies.copy()
        self.market = state.hires, state.moves, state.filled, state.owed.copy()

    def moved(self, sources: tuple[Status, ...], targets: tuple[Status, ...], took: int | None = None) -> int:
        """People who changed status so and stayed or came (whose place ``took`` a vacancy or none)."""
        was = np.isin(self.before.status, sources) & (self.before.presence == Presence.HERE)
        now = np.isin(self.after.status, targets) & (self.after.presence == Presence.HERE)
        if took is not None:
            was &= self.before.took == took
        return int((was & now & (self.before.status != self.after.status)).sum())


def steps(seed: int, reform: CompiledPolicy | None) -> Iterator[Step]:
    """Run a town process by process."""
    town = inputs(months=MONTHS, seed=seed)
    model = model_of(town, started(seed=seed), MONTHS, reform)
    original = list(SCHEDULE)
    seen: list[Step] = []

    def watched(index: int) -> None:
        before = copied(model.places[0].state.residents)
        original[index](model)
        seen.append(Step(original[index].__name__, model, before))

    with pytest.MonkeyPatch.context() as patch:
        runs = tuple((lambda _, i=i: watched(i)) for i in range(len(original)))
        patch.setattr("sim.model.model.SCHEDULE", runs)
        for _ in range(MONTHS):
            seen.clear()
            model.run_for(1)
            yield from list(seen)


def here(r: ResidentColumns, *statuses: Status) -> int:
    return int((np.isin(r.status, statuses) & (r.presence == Presence.HERE)).sum())


@pytest.mark.parametrize(("seed", "reform"), WORLDS)
def test_stocks_are_last_months_plus_what_each_process_says_it_moved(
    seed: int, reform: CompiledPolicy | None
) -> None:
    employed = registered = None
    entered = 0
    for step in steps(seed, reform):
        before, after, tally = step.before, step.after, step.place.tally
        stayed = (before.presence == Presence.HERE) & (after.presence == Presence.HERE)
        changed = stayed & (before.status != after.status)
        pairs = set(zip(before.status[changed].tolist(), after.status[changed].tolist(), strict=True))
        assert pairs <= FLOWS.get(step.name, set()), step.name
        if step.name == "age_and_move":
            came = (before.presence == Presence.NOT_YET) & (after.presence == Presence.HERE)
            went = (before.presence == Presence.HERE) & (after.presence == Presence.GONE)
            if employed is not None and registered is not None:
                counts = [np.isin(after.status[came], group).sum() for group in (AT_WORK, REGISTERED)]
                losses = [np.isin(before.status[went], group).sum() for group in (AT_WORK, REGISTERED)]
                employed += int(counts[0] - losses[0])
                registered += int(counts[1] - losses[1])
            entered = int((after.registered[came] == 1).sum())
        elif employed is None or registered is None:
            pass
        elif step.name == "separate_jobs":
            employed -= int(tally["separations"])
            registered += int(tally["af_inflow_from_work"])
        elif step.name == "match_jobs":
            registered -= int(tally["exits_to_work"])
            employed += step.moved((Status.OUTSIDE, Status.STUDYING, *REGISTERED), AT_WORK)
            left = int(step.place.state.moves.sum() - step.place.freed.sum())  # positions that the hired left
            changers = left - step.moved(SUPPORTED, AT_WORK, took=1)
            assert tally["hires"] == changers + step.moved(
                (Status.OUTSIDE, Status.STUDYING, *REGISTERED, *SUPPORTED), AT_WORK
            )
        else:
            outside = (Status.OUTSIDE, Status.STUDYING)
            employed += step.moved((*outside, *REGISTERED), AT_WORK)
            employed -= step.moved(AT_WORK, (*outside, *REGISTERED))
            registered += step.moved((*outside, *AT_WORK), REGISTERED)
            registered -= step.moved(REGISTERED, (*outside, *AT_WORK))
        new = (before.registered == 0) & (after.registered == 1) & (before.presence == Presence.HERE)
        entered += int(new.sum())
        if step.name == "fill_places":
            jobs = tally["subsidised_starts"], tally["kept_jobs_filled"]
            found = (step.moved(REGISTERED, (kind,)) for kind in (Status.SUBSIDISED, Status.EMPLOYED))
            assert jobs == tuple(found)
        if step.name == "advance_activities":
            partners = step.moved((Status.ACTIVITY,), (Status.SUBSIDISED, Status.EMPLOYED))
            assert tally["partner_hires"] == partners
            assert tally["af_returns"] == new.sum() == step.moved(SUPPORTED, (Status.OPEN,))
            for name in ("spell", "contact", "reached"):
                assert (getattr(after, name)[new] == getattr(before, name)[new]).all(), name
        if step.name == "count":
            counted = step.place.counts[step.model.month - step.model.first_month].sum(axis=(1, 2))
            assert counted[Count.af_inflow] + tally["af_returns"] == entered
            if employed is not None:
                assert (employed, registered) == (counted[Count.employed], counted[Count.af_stock])
            employed, registered = here(after, *AT_WORK), here(after, *REGISTERED)
            assert (employed, registered) == (counted[Count.employed], counted[Count.af_stock])


@pytest.mark.parametrize(("seed", "reform"), WORLDS)
def test_every_person_is_in_one_consistent_state(seed: int, reform: CompiledPolicy | None) -> None:
    town = inputs(months=MONTHS, seed=seed)
    state = started(seed=seed)
    model = model_of(town, state, MONTHS, reform)
    r, ids = state.residents, state.residents.id.copy()
    gone = np.zeros(ids.size, dtype=bool)
    for _ in range(MONTHS):
        model.run_for(1)
        present = r.presence == Presence.HERE
        assert (r.id == ids).all() and not (present & gone).any()
        gone |= r.presence == Presence.GONE
        age = model.month - r.birth[present]
        assert age.min() >= 16 * 12 and age.max() < 65 * 12
        registered = np.isin(r.status, REGISTERED)
        assert (r.registered[present] == registered[present]).all()
        assert (r.case[present & ~registered] == Case.NONE).all()
        assert ((r.activity > 0) == (r.status == Status.ACTIVITY))[present].all()
        assert np.isin(r.status[present & (r.took == 1)], SUPPORTED).all()
        assert (r.status[present & (r.assigned == 1)] == Status.SUBSIDISED).all()
        assert (r.track[present & (r.activity == Activity.TRACK)] == 1).all()
        assert (registered | (r.in_status == 0))[present & (r.duty == 1)].all()  # or hired this month
        assert (r.market == 0).all()
        assert ((r.insurance_days >= 0) & (r.insurance_days <= 300)).all()
        counted = model.places[0].counts[model.month - town.start].sum(axis=(1, 2))
        parts = [Count.employed, Count.af_stock, Count.studying, Count.outside]
        assert (
            counted[parts].sum()
            == counted[Count.population_16_64]
            == present.sum()
            == len(model.places[0].residents)
        )
        jobs = [Count.employed_unsubsidised, Count.subsidised, Count.placement]
        assert counted[jobs].sum() == counted[Count.employed]
        assert counted[Count.open_unemployed] + counted[Count.in_activity] == counted[Count.af_stock]
        assert counted[Count.registered_12m] == (present & registered & (r.spell >= 12)).sum()


@pytest.mark.parametrize(("seed", "reform"), WORLDS)
def test_money_in_is_money_out_to_the_ore(seed: int, reform: CompiledPolicy | None) -> None:
    """Every month the books balance, and people's net incomes and assistance are what the ledger says."""
    town = inputs(months=MONTHS, seed=seed)
    state = started(seed=seed)
    model = model_of(town, state, MONTHS, reform)
    r, h = state.residents, state.households
    for _ in range(MONTHS):
        model.run_for(1)
        net = balances(model.places[0].flows)
        assert net.sum() == 0
        present = r.presence == Presence.HERE
        assert int(r.income[present].sum()) + int(h.paid.sum()) == net[Party.PERSON]
        assert (model.places[0].flows >= 0).all() and (h.paid >= 0).all()
    assert len(state.flows) == town.burn_in + MONTHS
    assert all(balances(row).sum() == 0 and row.size == len(KINDS) for row in state.flows)


@pytest.mark.parametrize(("seed", "reform"), WORLDS)
def test_places_and_vacancies_hold_no_more_than_there_are(seed: int, reform: CompiledPolicy | None) -> None:
    before = None
    for step in steps(seed, reform):
        state, p = step.place.state, step.place.p
        if step.name == "post_vacancies" and before is not None:
            vacancies, (hires, moves, filled, owed) = before
            posted = [
                vacancies_next(vacancies[c], int(hires[c]), int(moves[c]), state.openings[c], filled[c], p)
                for c in range(vacancies.size)
            ]
            paid = np.minimum(owed, posted)  # of vacancies that places took before they were posted
            assert step.vacancies.tolist() == pytest.approx(posted - paid)
            assert step.market[3].tolist() == pytest.approx(owed - paid)
        if step.name == "match_jobs":
            hires, moves, _, _ = step.market
            freed = step.place.freed
            assert (hires <= np.maximum(step.vacancies, 0.0)).all()
            assert (moves >= freed).all() and (moves - freed <= hires).all()
            before = step.vacancies, step.market
        if step.name == "fill_places":
            in_place = (step.after.status == Status.PLACEMENT) | (
                (step.after.status == Status.ACTIVITY) & (step.after.activity == Activity.MUNICIPAL_PRACTICE)
            )
            in_place &= step.after.presence == Presence.HERE
            kinds = np.bincount(step.after.contract[in_place], minlength=4)
            acts = reform is not None and step.model.month >= step.model.first_month + 2
            assert kinds[Workplace.EXISTING] <= round(p.baseline_places * 0.15)
            assert kinds[Workplace.ORDINARY] + kinds[Workplace.CREATED] <= (5 if acts else 0)
            assert kinds[Workplace.ASSOCIATION] <= (3 if acts else 0)
            _, offers, _, _ = in_use(tables(step.after), everybody(step.after))
            assert (offers <= ([4, 0, 3, 3] if acts else [0, 0, 0, 0])).all()
        if step.name == "advance_activities":
            ended = (step.before.took == 1) & (step.after.status == Status.OPEN)
            cells = step.after.sector[ended] * TIERS + step.after.tier[ended]
            assert step.place.freed.tolist() == np.bincount(cells, minlength=CELLS).tolist()


def test_what_a_run_returns_is_what_the_model_counted() -> None:
    town: ModelInputs = inputs(months=MONTHS)
    world = ran(town, started(), REFORM)
    series, persons = world.series, world.persons
    at_work = persons.at_work.sum(axis=1)
    assert (series["employed", "all"] == at_work).all()
    assert (series["population_16_64", "all"] == persons.present.sum(axis=1)).all()
    for name in ("employed", "af_stock", "assistance_households"):
        sexes = series[name, "women"] + series[name, "men"]
        parts = [series[name, group] for group in ("other", "youth", "newcomer", "long_term")]
        assert (sexes == series[name, "all"]).all() and (np.sum(parts, axis=0) == series[name, "all"]).all()
    for sex, name in enumerate(("women", "men")):
        assert (series["employed", name] == persons.at_work[:, persons.sex == sex].sum(axis=1)).all()
    public = sum(
        series[f"net_{payer}", "all"] for payer in ("municipality", "region", "state", "funds", "joint")
    )
    assert series["net_public", "all"] == pytest.approx(public)
    assert not (persons.at_work & ~persons.present).any()
