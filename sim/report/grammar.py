"""Sentences bound to intervals: the words follow from the numbers, and never claim more than they allow.

Which sentence is said depends on the `Claim` alone; the word list holds one text per claim. An interval in
words is the printed interval: the same rounded limits, in the order that a reader expects.
"""

from sim.report.estimate import Claim, Estimate, claim
from sim.report.numbers import PERCENT, PERSONS, Numbers, Rounding
from sim.report.words import Words

_ODDS = {"0": "nearly_none", "100": "nearly_all"}


class Grammar:
    """Put estimates into the words of one language."""

    def __init__(self, say: Words) -> None:
        self.say = say
        self.numbers = Numbers(say.locale)

    def when(self, months: int) -> str:
        """Return ``efter fyra år`` or ``efter 18 månader``."""
        return self._time("after", months)

    def within(self, months: int) -> str:
        """Return ``på fyra år`` or ``på 18 månader``."""
        return self._time("within", months)

    def persons(self, estimate: Estimate) -> str:
        """Return the interval of a difference in persons or households: ``15 färre till 95 fler``."""
        _, low, high = estimate.rounded(PERSONS)
        less, more = (self.numbers.plain(abs(value)) for value in (low, high))
        if low == high:
            key = "count_zero" if low == 0 else "count_up_one" if low > 0 else "count_down_one"
            return self.say(f"interval.{key}", value=less)
        if low < 0 < high:
            return self.say("interval.count_mixed", less=less, more=more)
        if high <= 0:
            return self.say("interval.count_down", low=more, high=less)
        return self.say("interval.count_up", low=less, high=more)

    def count(self, estimate: Estimate) -> str:
        """Return the interval of a number of persons: ``5 till 20``."""
        low, high = (self.numbers.plain(value, PERSONS) for value in (estimate.low, estimate.high))
        return low if low == high else self.say("interval.range", low=low, high=high)

    def signed(self, estimate: Estimate, rounding: Rounding) -> str:
        """Return the interval with signs: ``−38 till +10``; one figure where both limits print alike."""
        low, high = (self.numbers.signed(value, rounding) for value in (estimate.low, estimate.high))
        return low if low == high else self.say("interval.range", low=low, high=high)

    def spoken(self, estimate: Estimate, rounding: Rounding) -> str:
        """Return the interval for running text: ``minus 38 till plus 10``."""
        low, high = (self._spoken(value, rounding) for value in (estimate.low, estimate.high))
        return low if low == high else self.say("interval.range", low=low, high=high)

    def mean(self, estimate: Estimate, rounding: Rounding) -> str:
        """Return the mean with its sign, to stand beside (never without) the interval."""
        return self.numbers.signed(estimate.mean, rounding)

    def verdict(self, kind: str, estimate: Estimate, rounding: Rounding) -> str:
        """Return what can be said, in two or three words: ``troligen fler``, ``går inte att säga``."""
        return self.say(f"claims.verdict_{kind}.{claim(estimate, rounding)}")

    def odds(self, kind: str, estimate: Estimate, rounding: Rounding) -> str:
        """Return the verdict, with its probability where a direction is claimed: ``… (88 av 100)``."""
        verdict = self.verdict(kind, estimate, rounding)
        share = _share(estimate, rounding)
        return verdict if share is None else self.say("claims.odds", verdict=verdict, odds=self.chance(share))

    def odds_number(self, estimate: Estimate, rounding: Rounding) -> dict[str, float | str]:
        """Return what `odds` says of the probability as a number for a cell; none where none is said."""
        share = _share(estimate, rounding)
        return {} if share is None else self.chance_number(share)

    def chance(self, probability: float) -> str:
        """Return ``88 av 100``, rounded down; certainty is never printed, for draws cannot show it."""
        percent = self.numbers.percent(probability)
        return self.say(f"odds.{_ODDS.get(percent, 'some')}", percent=percent)

    def chance_number(self, probability: float) -> dict[str, float | str]:
        """Return what `chance` says as a number for a cell, or as its text near certainty."""
        percent = self.numbers.percent(probability)
        return {"chance": self.chance(probability) if percent in _ODDS else float(percent)}

    def effect(self, kind: str, estimate: Estimate, months: int, called: str) -> str:
        """Return a sentence about persons or households ``months`` after the start."""
        when = self.when(months)
        return self.say(
            f"claims.{kind}.{claim(estimate, PERSONS)}",
            when=when,
            When=capital(when),
            called=called,
            interval=self.persons(estimate),
        )

    def money(self, payer: str, estimate: Estimate, months: int, called: str, rounding: Rounding) -> str:
        """Return a sentence about what a payer gains or pays in all, ``months`` after the start."""
        return self.say(
            f"claims.money.{claim(estimate, rounding)}",
            Payer=capital(self.say(f"payer.{payer}.middle")),
            payer=self.say(f"payer.{payer}.middle"),
            pronoun=self.say(f"payer.{payer}.pronoun"),
            within=self.within(months),
            called=called,
            least=self.numbers.plain(float(rounding.step * rounding.scale), rounding),
            interval=self.spoken(estimate, rounding),
        )

    def sexes(self, difference: Estimate) -> str:
        """Return a sentence about women's effect minus men's."""
        return self.say(f"claims.sexes.{claim(difference, PERSONS)}")

    def ninety(self, difference: Estimate, called: str) -> str:
        """Return a sentence about the difference in the share reached within 90 days."""
        return self.say(
            f"claims.ninety.{claim(difference, PERCENT)}",
            called=called,
            interval=self.spoken(difference, PERCENT),
        )

    def clients(self, change: Estimate, called: str) -> str:
        """Return a sentence about the relative change (0.05 = 5 %) in existing clients' exit rate to work."""
        return self.say(
            f"claims.clients.{claim(change, PERCENT)}", called=called, interval=self.spoken(change, PERCENT)
        )

    def fewer(self, estimate: Estimate) -> bool:
        """Return whether fewer persons may be claimed."""
        return claim(estimate, PERSONS) in (Claim.DOWN_LIKELY, Claim.DOWN_SURE)

    def _time(self, word: str, months: int) -> str:
        years, rest = divmod(months, 12)
        if rest or not self.say.has(f"time.{years}"):
            return self.say(f"time.{word}_months", months=self.numbers.plain(months))
        key = f"time.{word}_year" if years == 1 else f"time.{word}_years"
        return self.say(key, years=self.say(f"time.{years}"))

    def _spoken(self, value: float, rounding: Rounding) -> str:
        text = self.numbers.plain(abs(value), rounding)
        if self.numbers.signed(value, rounding) == "0":
            return self.say("interval.zero")
        return self.say("interval.plus" if value > 0 else "interval.minus", value=text)


def _share(estimate: Estimate, rounding: Rounding) -> float | None:
    """Return the probability of the direction that may be claimed, or None."""
    direction = claim(estimate, rounding).direction
    return None if not direction else estimate.p_positive if direction > 0 else estimate.p_negative


def capital(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
