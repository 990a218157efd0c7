"""What a comparison of policies may say, bound to paired intervals: the words follow from the numbers.

A direction between two policies is said only where the draws and the printed interval of their difference
both support it (`sim.report.estimate.claim`). That one policy is safest is said only where its difference
from the next one, in the scenario that decides, can be said.

Public names: `comparison_sentences`, `paired`, `drawn` and `Labels`.
"""

from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.experiment.compare.candidates import NONE, Candidate
from sim.experiment.compare.outcomes import OUTCOMES
from sim.experiment.compare.study import Comparison
from sim.experiment.compare.turning import FEWEST, Turning
from sim.policy.levers.registry import LEVERS
from sim.report.estimate import VERY_LIKELY, Claim, Estimate, claim
from sim.report.grammar import capital
from sim.report.numbers import PERSONS, TENTHS, Numbers, Rounding, rounded
from sim.report.words import Words, own_words

_MONTHS: Final = Rounding(Decimal(10))
_LEVELS = (0.05, 0.25, 0.75, 0.95)


class Labels:
    """What policies, payers, scenarios and outcomes are called in one language."""

    def __init__(self, found: Comparison, lang: str) -> None:
        """Take the words of a language.

        Raises:
            SamspelError: There are no words of it.
        """
        self.say = own_words("comparisons", lang, "compare")
        self.numbers = Numbers(self.say.locale)
        self._found = found
        self._policies = {one.name: _label(self.say, one, lang) for one in found.candidates}

    def policy(self, name: str) -> str:
        """Return a policy's name as it is read: ``bara jobbspår``."""
        return self._policies[name]

    def payer(self, payer: str) -> str:
        """Return a payer: ``kommunen``, or ``kommunerna`` where the case has several."""
        if payer == "municipality" and len(self._found.case.municipalities) > 1:
            return self.say("several")
        return self.say(f"payer.{payer}")

    def scenario(self, name: str) -> str:
        """Return a scenario's name."""
        return self.say(f"scenario.{name}") if self.say.has(f"scenario.{name}") else name

    def outcome(self, outcome: str, word: str = "name") -> str:
        """Return an outcome's name, its unit, or more or less of it."""
        if outcome.startswith("net_"):
            return self.say(f"outcome.net.{word}", payer=self.payer(outcome.removeprefix("net_")))
        return self.say(f"outcome.{outcome}.{word}")

    def rounding(self, outcome: str) -> Rounding:
        """Return how an outcome is rounded: persons to fives, months to tens, kronor to 0.1 million."""
        if outcome.startswith("net_"):
            return TENTHS
        return PERSONS if OUTCOMES[outcome][0] != "months" else _MONTHS

    def interval(self, low: float, high: float, rounding: Rounding) -> str:
        """Return ``−20 till +150``."""
        ends = [self.numbers.signed(end, rounding) for end in (low, high)]
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} {self.say('to')} {ends[1]}"

    def million(self, kronor: float) -> str:
        """Return kronor in millions with one decimal."""
        return self.numbers.plain(kronor, TENTHS)

    def odds(self, probability: float) -> str:
        """Return ``88 av 100``, rounded down; certainty is never printed."""
        percent = self.numbers.percent(probability)
        return self.say("nearly_all") if percent == "100" else self.say("odds", percent=percent)


def paired(values: pl.DataFrame, scenario: str, outcome: str, first: str, other: str) -> Estimate:
    """Return the estimate of the first policy minus the other within draws."""
    mine = values.filter(scenario=scenario, outcome=outcome)
    both = mine.filter(policy=first).join(mine.filter(policy=other), on="draw", suffix="_other")
    return drawn((both["value"] - both["value_other"]).to_numpy())


def drawn(values: NDArray[np.float64]) -> Estimate:
    """Return the estimate of a quantity by its values over draws."""
    low, low50, high50, high = map(float, np.quantile(values, _LEVELS))
    up, down, none = (float(share.mean()) for share in (values > 0, values < 0, values == 0))
    return Estimate(float(values.mean()), low, high, low50, high50, up, down, none, values.size)


def comparison_sentences(found: Comparison, lang: str = "sv") -> list[str]:
    """Return what may be said: the cost, the best against each other, dominance, regret, and what decides.

    Args:
        found: The comparison.
        lang: ``sv`` or ``en``.
    """
    labels = Labels(found, lang)
    sentences = _cost(found, labels)
    if len(found.ranked) < 2:
        return [*sentences, labels.say("alone")]
    own = found.regret.filter(scenario=found.scenario)
    best = own["best"][0]
    others = own.filter(pl.col("policy") != best).sort("loss")["policy"].to_list()
    sentences += [_against(found, labels, best, other) for other in others]
    sentences += _dominated(found, labels)
    sentences += _regret(found, labels)
    sentences += [_turning(labels, one) for one in found.turning]
    return [" ".join(one.split()) for one in (*sentences, labels.say("meaning"))]


def _cost(found: Comparison, labels: Labels) -> list[str]:
    asked, say = found.question, labels.say
    if found.budget is None:
        return [say("cost.stated")]
    sentences = [
        say(
            f"cost.{asked.cost}",
            payer=labels.payer(asked.payer),
            budget=labels.million(found.budget),
            months=found.months,
            tolerance=labels.numbers.plain(100 * asked.tolerance, Rounding(Decimal("0.1"), decimals=1))
            if asked.tolerance < 0.01
            else labels.numbers.plain(100 * asked.tolerance),
        )
    ]
    for name, dose in zip(found.names, found.scaled, strict=True):
        if not dose.equal:
            money = {key: labels.million(getattr(dose, key)) for key in ("cost", "least", "most")}
            sentences.append(say(f"why.{dose.why}", name=labels.policy(name), **money))
    return sentences


def _against(found: Comparison, labels: Labels, first: str, other: str) -> str:
    """Say how the best policy stands against another in the outcome that policies are ranked by."""
    outcome = found.question.by
    rounding = labels.rounding(outcome)
    gap = paired(found.values, found.scenario, outcome, first, other)
    said = claim(gap, rounding)
    word = {"more": labels.outcome(outcome, "more"), "less": labels.outcome(outcome, "less")}
    if said is Claim.UNKNOWN and OUTCOMES[outcome][1] < 0:
        word["more"] = word["less"]  # what is asked is whether the first is better
    return labels.say(
        f"claim.{said}",
        first=labels.policy(first),
        First=capital(labels.policy(first)),
        other=labels.policy(other),
        name=labels.outcome(outcome),
        unit=labels.outcome(outcome, "unit"),
        interval=labels.interval(gap.low, gap.high, rounding),
        odds=labels.odds(gap.p_positive if said.direction > 0 else gap.p_negative),
        **word,
    )


def _dominated(found: Comparison, labels: Labels) -> list[str]:
    rows = found.dominance.filter(pl.col("dominated"), scenario=found.scenario)
    if rows.is_empty():
        return [labels.say("dominated.none")]
    return [
        labels.say(
            f"dominated.{'sure' if row['probability'] >= VERY_LIKELY else 'likely'}",
            name=labels.policy(row["policy"]),
            other=labels.policy(row["other"]),
            odds=labels.odds(row["probability"]),
        )
        for row in rows.iter_rows(named=True)
        if row["probability"] >= found.question.limit
    ]


def _regret(found: Comparison, labels: Labels) -> list[str]:
    """Say which policy loses least where it loses most, if the draws tell it from the next one."""
    outcome, sign = found.question.by, OUTCOMES[found.question.by][1]
    worst = found.regret.sort("loss", descending=True).unique("policy", keep="first", maintain_order=True)
    order = worst.sort("largest", "average", maintain_order=True)
    safest, following = order.row(0, named=True), order.row(1, named=True)
    gap = paired(found.values, following["scenario"], outcome, safest["policy"], following["policy"])
    if claim(gap, labels.rounding(outcome)).direction != sign:
        return [labels.say("regret.unknown")]
    name, rounding = labels.policy(safest["policy"]), labels.rounding(outcome)
    unsure = [
        labels.scenario(scenario)
        for scenario in found.question.scenarios
        if any(
            claim(paired(found.values, scenario, outcome, safest["policy"], other), rounding).direction
            != sign
            for other in found.ranked
            if other != safest["policy"]
        )
    ]
    if rounded(safest["largest"], rounding) == 0 and unsure:
        return [labels.say("regret.mostly", name=name, unsure=labels.say.listed(unsure))]
    if rounded(safest["largest"], rounding) == 0:
        return [labels.say("regret.always", name=name, count=found.regret["scenario"].n_unique())]
    return [
        labels.say(
            "regret.best",
            name=name,
            loss=labels.numbers.plain(safest["loss"], rounding),
            unit=labels.outcome(outcome, "unit"),
            interval=labels.interval(safest["low"], safest["high"], rounding),
        )
    ]


def _turning(labels: Labels, one: Turning) -> str:
    names = {
        "first": labels.policy(one.policy),
        "First": capital(labels.policy(one.policy)),
        "other": labels.policy(one.other),
    }
    if not one.tested:
        fewer = min(one.better, one.worse)
        return labels.say("turning.few", fewer=fewer, all=one.better + one.worse, least=FEWEST, **names)
    if one.parameters.is_empty():
        return labels.say("turning.none", tested=one.tested, **names)
    turns = one.parameters.filter(pl.col("turns"))
    row = (turns if turns.height else one.parameters).row(0, named=True)
    label = row["label_sv" if labels.say.language == "sv" else "label_en"]
    if not turns.height:
        return labels.say("turning.separates", label=f"”{label}”", **names)
    split = f"{row['split']:.3g}" if labels.say.language == "en" else f"{row['split']:.3g}".replace(".", ",")
    return labels.say("turning.turns", label=f"”{label}”", split=split, unit=row["unit"], **names)


def _label(say: Words, candidate: Candidate, lang: str) -> str:
    """Return a policy's name: its own where it was given one, else the levers in words."""
    text = candidate.text
    if candidate.name != text:
        return f"”{candidate.name}”"
    if text == NONE:
        return say("nothing")
    kind, colon, levers = text.partition(":")
    if colon and kind in ("only", "without") and "," not in text:
        names = [getattr(LEVERS[name.strip()], f"label_{lang}").split(" (")[0] for name in levers.split("+")]
        joined = f" {say('and')} ".join(name[:1].lower() + name[1:] for name in names)
        return say(kind, levers=joined)
    return f"”{text}”"
