"""The calendar of a world: the order of a month, and when a policy changes."""

from collections.abc import Callable

import mesa
import pytest
from model_worlds import inputs, model_of, policy, started
from reference.trial import two_towns

from sim.model.counts import Count
from sim.model.institutions import (
    Employer,
    EmploymentService,
    Institution,
    LabourMarketUnit,
    Municipality,
    SocialServices,
)
from sim.model.model import LabourMarketModel
from sim.model.rounds import InEach, go_through
from sim.model.schedule import SCHEDULE
from sim.model.simulate import burn_in
from sim.policy.channels import CHANNELS, TRIAL_SEGMENTS, Channel
from sim.policy.compiled import CompiledPolicy

MONTHS = 8


def world(reform: CompiledPolicy | None = None, earlier: int = 0) -> LabourMarketModel:
    """A town whose steps begin some months before its start."""
    return model_of(inputs(months=MONTHS), started(), MONTHS, reform, earlier)


def observed(
    model: LabourMarketModel, months: int, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[int, float]]:
    """Month and contact channel as the first process of each step sees them."""
    seen: list[tuple[int, float]] = []

    def look(this: LabourMarketModel) -> None:
        seen.append((this.month, this.places[0].whole(Channel.CONTACT)))

    monkeypatch.setattr("sim.model.model.SCHEDULE", (look,))
    model.run_for(months)
    return seen


def test_a_month_runs_the_schedule_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[int, str]] = []

    def noted(process: Callable[[LabourMarketModel], None]) -> Callable[[LabourMarketModel], None]:
        def run(model: LabourMarketModel) -> None:
            ran.append((model.month, process.__name__))
            process(model)

        return run

    model = world()
    monkeypatch.setattr("sim.model.model.SCHEDULE", tuple(noted(process) for process in SCHEDULE))
    model.run_for(2)
    names = [process.__name__ for process in SCHEDULE]
    assert ran == [(model.start + month, name) for month in range(2) for name in names]
    assert len(set(names)) == len(names)
    order = [
        "separate_jobs",
        "register_people",
        "match_jobs",
        "support_incomes",
        "test_assistance",
        "count",
    ]
    assert [name for name in names if name in order] == order


def test_what_needs_no_other_municipality_is_done_for_one_at_a_time() -> None:
    area = two_towns(60, 50, horizon=1)
    model = LabourMarketModel(area, burn_in(area), area.first.start, 1)
    ran: list[str] = []

    def own(name: str) -> InEach:
        return InEach(lambda _, one: ran.append(f"{name}{one.index}"))

    go_through((own("a"), own("b"), lambda _: ran.append("all"), own("c")), model)
    assert ran == ["a0", "b0", "a1", "b1", "all", "c0", "c1"]
    own("d")(model)
    assert ran[-2:] == ["d0", "d1"]


def test_a_change_of_policy_comes_before_the_step_of_its_month(monkeypatch: pytest.MonkeyPatch) -> None:
    reform = policy(MONTHS, 3, contact=1.25)
    reform.path[6:, :, Channel.CONTACT] = 1.0
    model = world(reform)
    expected = [1.0] * 3 + [1.25] * 3 + [1.0] * 2
    start = model.start
    assert observed(model, MONTHS, monkeypatch) == [(start + i, value) for i, value in enumerate(expected)]


def test_a_policy_of_the_first_month_acts_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert observed(world(policy(MONTHS, contact=0.9)), 1, monkeypatch)[0][1] == 0.9


def test_a_policy_keeps_its_dates_when_steps_begin_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    model = world(policy(MONTHS, 2, contact=1.1), earlier=3)
    seen = dict(observed(model, MONTHS + 3, monkeypatch))
    start = model.start
    assert {month - start for month, value in seen.items() if value == 1.1} == set(range(2, MONTHS))


def test_only_changes_of_policy_are_events(monkeypatch: pytest.MonkeyPatch) -> None:
    reform = policy(MONTHS, 2, contact=1.1)
    reform.path[5:, :, Channel.CASELOAD] = 0.5
    months: list[int] = []
    change = LabourMarketModel.change_policy

    def noted(self: LabourMarketModel) -> None:
        months.append(self.month + 1 - self.start)
        change(self)

    monkeypatch.setattr(LabourMarketModel, "change_policy", noted)
    world(reform).run_for(MONTHS)
    assert months == [2, 5]


def test_a_month_is_one_unit_of_time_and_channels_start_neutral() -> None:
    model = world(policy(MONTHS, 5, contact=1.1))
    model.run_for(4)
    assert model.time == 4.0
    assert model.month == model.start + 3
    assert all((model.places[0].channel(one.channel) == one.neutral).all() for one in CHANNELS)


def test_institutions_are_agents_and_residents_are_not() -> None:
    model = world()
    kinds = (Municipality, EmploymentService, LabourMarketUnit, SocialServices)
    assert all(len(model.agents_by_type[kind]) == 1 for kind in kinds)
    assert len(model.agents_by_type[Employer]) == 8
    assert all(isinstance(agent, mesa.Agent) and isinstance(agent, Institution) for agent in model.agents)
    assert len(model.agents) == 12 < len(model.places[0].residents)


def test_half_the_caseload_is_twice_the_hours() -> None:
    model = world(policy(MONTHS, caseload=0.5, af_caseload=0.5))
    service, unit = model.places[0].employment_service, model.places[0].unit
    before = service.hours(), unit.hours(), unit.plan_capacity()
    model.change_policy()
    assert service.hours() == pytest.approx(2.0 * before[0])
    assert unit.hours() == pytest.approx(2.0 * before[1])
    assert abs(unit.plan_capacity() - 2 * before[2]) <= 1
    assert service.reference_hours == before[0][0]


def test_after_the_burn_in_there_is_room_for_its_mean_entries_times_the_capacity() -> None:
    """All people in the burn-in; then 1.15 x 31 / 12 = 2.97, and at least one."""
    model = world(earlier=1)
    place = model.places[0]
    place.p = place.p._replace(activity_capacity=1.15)
    place.state.reference_months = 12
    service, start = place.employment_service, model.start
    rooms = []
    for month, starts in ((start - 1, 31.0), (start, 31.0), (start, 26.0), (start, 0.0)):
        model.month, place.state.activity_starts = month, starts
        rooms.append(service.activity_room())
    assert rooms == [place.state.residents.id.size, 3, 2, 1]  # 1.15 x 26 / 12 = 2.49


def test_the_unit_knows_its_clients_of_last_month_from_the_first_month_on() -> None:
    model = world()
    place = model.places[0]
    state, unit, p = place.state, place.unit, place.p
    assert state.clients > 0
    usual = p.coach_hours * (1.0 - p.plan_time_share) * state.coaches
    model.month = model.start  # no longer the burn-in
    assert unit.hours() == pytest.approx([usual / state.clients] * TRIAL_SEGMENTS)
    model.month -= 1
    model.run_for(1)
    counted = place.counts[0].sum(axis=(1, 2))
    assert (state.clients, state.queue) == (counted[Count.participants], counted[Count.waiting_plan])
