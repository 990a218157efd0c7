"""Vocational Swedish: SFI tied to an occupation, and vocational adult education beside it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class VocationalSfi(Lever):
    """Open places in Swedish tied to an occupation, and in vocational education for adults.

    With n places in vocational Swedish and m in vocational adult education, at a time:

    SFI_PLACES = n and SFI_ELIGIBLE = 1 where n > 0; EDUCATION_PLACES = m and EDUCATION_ELIGIBLE = 1 where
    m > 0; both for the target group. EDUCATION_MONTHS is the education's length where it is stated, else the
    model's own. What a course gives, and the time that it takes from looking for work,
    are parameters of the model.

    References: SE_SFX17 (more in work after vocational SFI, without control for who gets in), DK_LANG20
    (language classes: lasting gain), FI_SH16 (content matters without more money), SE_VDBV22 (vocational
    training: small lasting gain), SE_SFI10 (lower employment at first, higher after ten years): the last is
    kept for validation and sets no parameter.
    """

    name: ClassVar[str] = "vocational_sfi"
    label_sv: ClassVar[str] = "Yrkesinriktad sfi (yrkes-sfi)"
    label_en: ClassVar[str] = "Vocational Swedish for immigrants"
    text_en: ClassVar[str] = (
        "Swedish learnt together with an occupation opens jobs that neither opens alone, and vocational "
        "education for adults moves people to fields and levels where vacancies are. While they study, "
        "people look less for work, so the first year or two cost jobs; the gain comes later and lasts. "
        "No clean Swedish estimate exists of vocational SFI: its pupils are chosen, and their better "
        "results are partly their own."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_SFX17", "DK_LANG20", "FI_SH16", "SE_VDBV22", "SE_SFI10")
    grade: ClassVar[Literal["A", "B", "C"]] = "C"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {
            Channel.SFI_PLACES,
            Channel.SFI_ELIGIBLE,
            Channel.EDUCATION_PLACES,
            Channel.EDUCATION_ELIGIBLE,
            Channel.EDUCATION_MONTHS,
        }
    )
    parameters: ClassVar[tuple[str, ...]] = ("vocational_sfi_cost_month", "education_cost_month")

    places: Annotated[float, Strict()] = setting(
        0.0, low=0, high=5000, unit="places",
        sv="Platser i yrkes-sfi samtidigt", en="Places in vocational Swedish at a time",
    )  # fmt: skip
    education_places: Annotated[float, Strict()] = setting(
        0.0, low=0, high=5000, unit="places",
        sv="Platser i yrkesutbildning för vuxna samtidigt (yrkesvux)",
        en="Places in vocational adult education at a time",
    )  # fmt: skip
    education_months: Annotated[float, Strict()] | None = setting(
        None, low=1, high=36, unit="months",
        sv="Yrkesutbildningens längd (tomt: osäker, 6-14)",
        en="Length of the vocational education (empty: uncertain, 6-14)",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        full: dict[Channel, float] = {}
        if self.places > 0:
            full |= {Channel.SFI_PLACES: self.places, Channel.SFI_ELIGIBLE: 1.0}
        if self.education_places > 0:
            full |= {Channel.EDUCATION_PLACES: self.education_places, Channel.EDUCATION_ELIGIBLE: 1.0}
        if self.education_places > 0 and self.education_months is not None:
            full[Channel.EDUCATION_MONTHS] = self.education_months
        return full

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the teaching of each participant; study support comes on top, from the ledger."""
        swedish = CostRate(
            "Yrkes-sfi", "places", "sfi_participant", effects["vocational_sfi_cost_month"],
            indexed=True, ramps=False,
        )  # fmt: skip
        education = CostRate(
            "Yrkesutbildning för vuxna", "places", "education_participant", effects["education_cost_month"],
            indexed=True, ramps=False,
        )  # fmt: skip
        return (swedish,) * (self.places > 0) + (education,) * (self.education_places > 0)
