"""Ninety-day guarantee: an activity is promised by a day after registration, as a goal or as a duty."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Strict, model_validator

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class NinetyDayGuarantee(Lever):
    """Promise an activity by a given day after registration, to those within an age range.

    With n days, the drawn share of promises kept in the month when they fall due (one for a goal, one for a
    duty), w the drawn rise in search before the promised day, and r extra room in training and practice:

    GUARANTEE_DAYS = n; GUARANTEE_HONOURED = kept; GUARANTEE_THREAT = w for a duty, w / 2 for a goal;
    GUARANTEE_FROM_AGE and GUARANTEE_TO_AGE as stated; ACTIVITY_CAPACITY = 1 + r. Without days no promise.

    A promise makes no room: without extra places the promised go before others, and some wait all the same.
    What extra room costs is not known per place here and is stated in the case (``admin_month``).

    References: NO_HARDOY06 (transitions +4 to +11 percent), FI_YG14, DK_YOUTH14 (gains for those with
    education, none for those without), DK_ROSHOLM08, UK_NDYP04 (the effect comes before the activity),
    SE_90DAY17 (a promise is far from always kept).
    """

    name: ClassVar[str] = "ninety_day_guarantee"
    label_sv: ClassVar[str] = "Insats inom 90 dagar (mål eller löfte)"
    label_en: ClassVar[str] = "An activity within 90 days (goal or promise)"
    text_en: ClassVar[str] = (
        "The promised activity works mostly before it begins: those with good prospects look harder for a "
        "job as the day draws near. Those with the weakest prospects do not, and once in the activity they "
        "have less time to look. A duty is kept more often than a goal, but neither is always kept: room in "
        "training and practice is limited, and who is promised a place goes before somebody else."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "NO_HARDOY06", "FI_YG14", "DK_ROSHOLM08", "UK_NDYP04", "SE_90DAY17", "DK_YOUTH14",
    )  # fmt: skip
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    exclusive: ClassVar[bool] = True
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {
            Channel.GUARANTEE_DAYS,
            Channel.GUARANTEE_HONOURED,
            Channel.GUARANTEE_THREAT,
            Channel.GUARANTEE_FROM_AGE,
            Channel.GUARANTEE_TO_AGE,
            Channel.ACTIVITY_CAPACITY,
        }
    )
    parameters: ClassVar[tuple[str, ...]] = (
        "guarantee_kept_goal", "guarantee_kept_duty", "guarantee_threat",
    )  # fmt: skip

    days: Annotated[float, Strict()] | None = setting(
        None, low=1, high=730, unit="days",
        sv="Dagar från inskrivning till utlovad insats (tomt: inget löfte)",
        en="Days from registration to the promised activity (empty: no promise)",
    )  # fmt: skip
    kind: Literal["goal", "duty"] = setting(
        "goal", unit="kind",
        sv="Mål (goal) eller skyldighet för myndigheten (duty)", en="A goal, or a duty of the agency",
    )  # fmt: skip
    from_age: Annotated[float, Strict()] = setting(
        16.0, low=16, high=64, unit="years", sv="Från ålder", en="From age",
    )  # fmt: skip
    to_age: Annotated[float, Strict()] = setting(
        64.0, low=16, high=64, unit="years", sv="Till och med ålder", en="Through age",
    )  # fmt: skip
    extra_capacity: Annotated[float, Strict()] = setting(
        0.0, low=0, high=2, unit="share",
        sv="Extra utrymme i utbildning och praktik, andel av dagens",
        en="Extra room in training and practice, as a share of today's",
    )  # fmt: skip
    admin_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=50_000_000, unit="SEK/month",
        sv="Kostnad per månad för uppföljning och extra utrymme",
        en="Cost a month of follow-up and of the extra room",
    )  # fmt: skip

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.from_age > self.to_age:
            raise ValueError(f"from_age <= to_age (from_age is {self.from_age:g}, to_age is {self.to_age:g})")
        return self

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        if self.days is None:
            return {}
        duty = self.kind == "duty"
        return {
            Channel.GUARANTEE_DAYS: self.days,
            Channel.GUARANTEE_HONOURED: effects["guarantee_kept_duty" if duty else "guarantee_kept_goal"],
            Channel.GUARANTEE_THREAT: effects["guarantee_threat"] * (1.0 if duty else 0.5),
            Channel.GUARANTEE_FROM_AGE: self.from_age,
            Channel.GUARANTEE_TO_AGE: self.to_age,
            Channel.ACTIVITY_CAPACITY: 1.0 + self.extra_capacity,
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the follow-up and what the extra room costs, in the case's own prices."""
        if self.days is None:
            return ()
        return (
            CostRate(
                "Uppföljning av löftet om insats", "staff", "month", self.admin_month,
                indexed=False, ramps=False,
            ),
        )  # fmt: skip
