"""Single organisation: labour-market and integration work gathered; who decides and pays for newcomers."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.levers.disruption import CHANNELS as DIP_CHANNELS
from sim.policy.levers.disruption import PARAMETERS as DIP_PARAMETERS
from sim.policy.levers.disruption import reorganisation_dip
from sim.policy.starting import StartingPosition


class SingleOrganisation(Lever):
    """Gather labour-market and integration work in one organisation, and say who runs and pays for what.

    With s the share of the work that is gathered, g in 0..1 how far performance targets are set at the same
    time, h, l, f and t drawn gains, and x the drawn loss when municipalities run the establishment programme:

    HANDOVER_DAYS = 1 - s h; HANDOVER_LOSS = 1 - s l; ACTIVITY_FIT = s f; MATCH = 1 + g t;
    NEWCOMER_EFFORT = 1 - x if the municipality runs newcomers' establishment; NEWCOMER_PAYER = 1 if it pays
    their benefit; COFINANCING = its stated share of the state's benefits to the registered.

    Today the employment service runs the establishment programme and the state pays, so ``af`` and ``state``
    change nothing. The merger starts with a dip as deep as s, longer than that of a move (`disruption`).

    References: NAV_FMR14, NAV_AMH14, NO_SCHR12 (Norway: fewer job entries at first, no clear gain),
    JCP_BPV15, JCP_NIESR11 (Britain: a loss, then a small gain, with targets set at the same time),
    DK_JOBCENTER09 (Denmark: what is reimbursed steers what is done), SE_ETABREF16 (newcomers gained when the
    employment service took over from the municipalities).
    """

    name: ClassVar[str] = "single_organisation"
    label_sv: ClassVar[str] = "Samlad organisation för arbetsmarknad och integration"
    label_en: ClassVar[str] = "One organisation for labour-market and integration work"
    text_en: ClassVar[str] = (
        "Where one organisation has all of the work there is no hand-over to wait for or to be lost in, and "
        "perhaps a better choice of activity. Norway and Britain lost job entries for one to two years after "
        "their mergers; Britain, which set performance targets at the same time, gained a little later. So "
        "the merger starts with a dip and every gain may be nil. Who runs the establishment programme and "
        "who pays are settings of their own: newcomers did better when the Swedish state took it over, and a "
        "municipality that shares the cost of benefits has more to gain from people leaving them."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "NAV_FMR14", "NAV_AMH14", "NO_SCHR12", "JCP_BPV15", "JCP_NIESR11", "DK_JOBCENTER09", "SE_ETABREF16",
    )  # fmt: skip
    grade: ClassVar[Literal["A", "B", "C"]] = "C"
    channels: ClassVar[frozenset[Channel]] = DIP_CHANNELS | {
        Channel.HANDOVER_DAYS,
        Channel.HANDOVER_LOSS,
        Channel.ACTIVITY_FIT,
        Channel.MATCH,
        Channel.NEWCOMER_EFFORT,
        Channel.NEWCOMER_PAYER,
        Channel.COFINANCING,
    }
    parameters: ClassVar[tuple[str, ...]] = (
        "merger_handover_cut", "merger_loss_cut", "merger_fit", "targets_match", "newcomer_effort_loss",
        "merger_months", *DIP_PARAMETERS,
    )  # fmt: skip

    scope: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel av arbetet med arbetsmarknad och integration som samlas",
        en="Share of labour-market and integration work that is gathered",
    )  # fmt: skip
    responsible_agency: Literal["as_today", "af", "municipality"] = setting(
        "as_today", unit="agency",
        sv="Vem som ansvarar för nyanländas etablering (i dag Arbetsförmedlingen)",
        en="Who runs newcomers' establishment (today the employment service)",
    )  # fmt: skip
    payer: Literal["as_today", "state", "municipality"] = setting(
        "as_today", unit="payer",
        sv="Vem som betalar etableringsersättningen (i dag staten)",
        en="Who pays newcomers' establishment benefit (today the state)",
    )  # fmt: skip
    cofinancing_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Kommunens andel av statens ersättningar till inskrivna (som i Danmark)",
        en="The municipality's share of the state's benefits to the registered (as in Denmark)",
    )  # fmt: skip
    targets: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Resultatmål som sätts samtidigt (0-1, 1 som i Storbritannien)",
        en="Performance targets set at the same time (0-1, 1 as in Britain)",
    )  # fmt: skip
    reorganisation_cost: Annotated[float, Strict()] = setting(
        0.0, low=0, high=500_000_000, unit="SEK",
        sv="Omorganisation, en gång", en="Reorganisation, once",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        lost = effects["newcomer_effort_loss"] if self.responsible_agency == "municipality" else 0.0
        return {
            Channel.HANDOVER_DAYS: 1.0 - self.scope * effects["merger_handover_cut"],
            Channel.HANDOVER_LOSS: 1.0 - self.scope * effects["merger_loss_cut"],
            Channel.ACTIVITY_FIT: self.scope * effects["merger_fit"],
            Channel.MATCH: 1.0 + self.targets * effects["targets_match"],
            Channel.NEWCOMER_EFFORT: 1.0 - lost,
            Channel.NEWCOMER_PAYER: 1.0 if self.payer == "municipality" else 0.0,
            Channel.COFINANCING: self.cofinancing_share,
        }

    def disruption(
        self, effects: Effects, start: StartingPosition, months_since_start: int
    ) -> dict[Channel, float]:
        """Return the dip of the merger, in proportion to the work that was gathered."""
        return reorganisation_dip(effects, months_since_start, self.scope, effects["merger_months"])

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the reorganisation, in the case's own prices."""
        return (
            CostRate(
                "Omorganisation", "investment", "once", self.reorganisation_cost, indexed=False, ramps=False
            ),
        )
