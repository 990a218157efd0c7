"""What the workbench is to reach, and what was measured of it.

Public names: `Finding` and `findings`. A goal whose benchmark has not been run is "not measured"; one that is
missed says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.derived import Records, curve, efficiency, ratios, sample, upper_exponent
from benchmarks.labels import LARGE, NOTHING, PLAIN, REGIONS, SMALL, STORED, TOWN
from benchmarks.records import Record, Sample
from benchmarks.wording import gigabytes, number, percent, share_of


@dataclass(frozen=True)
class Finding:
    """One goal: what was to be reached, and what was."""

    what: str
    reach: str
    values: tuple[float, ...] = ()
    least: float = float("-inf")
    most: float = float("inf")
    unit: str = ""
    peer: str = ""
    record: Record | None = None
    compiled: str = "warm"
    n: int = 0

    @property
    def verdict(self) -> str:
        """Return whether the median reaches the goal."""
        if not self.values:
            return "not measured"
        return "reached" if self.least <= median(self.values) <= self.most else "**missed**"


def findings(records: Records) -> list[Finding]:
    """Return every goal, in the order of the table."""
    return [
        *_speed(records),
        *_pairs(records),
        *_sweden(records),
        _seeds(records),
        *_scaling(records),
        *_reports(records),
        *_starts(records),
    ]


def _speed(records: Records) -> list[Finding]:
    large = sample(records, "speed", f"{LARGE}, by processor time")
    small = sample(records, "speed", f"{SMALL}, by processor time")
    plain = sample(records, "speed", f"{PLAIN}, by processor time")
    record = records.get("speed")
    steps = [
        f"{name} {number(found.median)}"
        for name in ("Starsim", "Covasim", "Samspel")
        if (found := sample(records, "simulators", name))
    ]
    beside = f"agent-steps/s side by side: {', '.join(steps)}" if steps else ""
    same = ratios(small, plain)
    return [
        Finding(
            "resident-months per second, all rules on, one core, 100,000 residents", "at least 30 million",
            _values(large), least=30e6, peer=beside, record=record, n=_n(large),
        ),
        Finding(
            "the same, against the plain Mesa version of the same rules", "at least 150 times",
            ratios(large, plain), least=150, unit="times", record=record, n=_n(plain),
            peer=(f"plain Mesa {number(plain.median)}/s" if plain else "")
            + (f"; {number(median(same))} times at the same, smaller size" if same else ""),
        ),
    ]  # fmt: skip


def _pairs(records: Records) -> list[Finding]:
    apart, whole = (sample(records, "pairs", f"burn-in {what}") for what in ("apart", "included"))
    peer = f"with a burn-in of {whole.facts['burn_in']} months {number(whole.median)} s" if whole else ""
    return [
        Finding(
            "1,000 paired replications of Mönsterås alone, 60 months after burn-in", "60 s", _values(apart),
            most=60, unit="s", record=records.get("pairs"), n=_n(apart),
            peer=peer,
        ),
    ]  # fmt: skip


def _sweden(records: Records) -> list[Finding]:
    seconds, peak = (sample(records, "sweden", label) for label in ("seconds", "peak memory"))
    record = records.get("sweden")
    people, largest = max(curve(records, TOWN), key=lambda one: one[0], default=(0.0, None))
    one_town: tuple[float, ...] = ()
    if largest is not None and largest.facts["peak_bytes"]:
        one_town = (float(str(largest.facts["peak_bytes"])) / people / 1000,)
    covasim = sample(records, "simulators", "Covasim, memory")
    starsim = sample(records, "simulators", "Starsim, memory")
    peers = [
        f"{name} {gigabytes(peer.median * 1e6)}"
        for name, peer in (("Starsim", starsim), ("Covasim", covasim))
        if peer
    ]
    return [
        Finding(
            "all 290 municipalities, about 6.2 million residents, 60 months, one pair", "120 s",
            _values(seconds), most=120, unit="s", record=record, n=_n(seconds),
        ),
        Finding(
            "the same: peak memory per million residents", "0.3 GB",
            tuple(value / 6.2e9 for value in _values(peak)), most=0.3, unit="GB", record=record, n=_n(peak),
        ),
        Finding(
            f"one town of {number(people) if largest else '6 million'} "
            "residents: peak memory of the process per million",
            "0.3 GB", one_town, most=0.3, unit="GB", record=records.get("residents"), n=len(one_town),
            peer="; ".join(peers),
        ),
    ]  # fmt: skip


def _seeds(records: Records) -> Finding:
    found = sample(records, "seeds", "people in work: independent seeds")
    peer = ""
    if found:
        low, high = (float(str(found.facts[key])) for key in ("low", "high"))
        interval = f"90 %: {1 / high:.0f}-{1 / low:.0f}"
        peer = f"independent seeds need {1 / found.median:.0f} times as many ({interval})"
    return Finding(
        "pairs needed for a given half-width of people in work after 24 months, keyed draws", "at most 1/20",
        _values(found), most=1 / 20, unit="share", record=records.get("seeds"), peer=peer,
        n=int(str(found.facts["pairs"])) * 2 if found else 0,
    )  # fmt: skip


def _scaling(records: Records) -> list[Finding]:
    shares, record, runs = efficiency(records), records.get("residents"), records.get("replications")
    shapes = (
        (REGIONS, "cost against residents, exponent from 100,000 up, by regions as all Sweden is run"),
        (TOWN, "the same, everybody in one town"),
    )
    growth = [
        Finding(
            what, "0.95 to 1.05", () if power is None else (power,), least=0.95, most=1.05,
            record=record, n=max((one.n for _, one in curve(records, shape)), default=0),
        )
        for shape, what in shapes
        for power in (upper_exponent(records, shape),)
    ]  # fmt: skip
    return [
        *growth,
        Finding(
            "efficiency of two processes, further pairs", "at least 85 %",
            shares[:1] if shares else (), least=0.85, unit="percent", record=runs,
            peer=f"{percent(shares[1])} with the start of processes" if shares else "",
            n=max((one.n for one in runs.samples), default=0) if runs else 0,
        ),
    ]  # fmt: skip


def _reports(records: Records) -> list[Finding]:
    rows: Sequence[tuple[str, int]] = ((NOTHING, 45), (STORED, 15))
    found = [
        Finding(
            f"`samspel report nykoping` {label}", f"{most} s",
            _values(one := sample(records, "report", label)), most=most, unit="s",
            record=records.get("report"), n=_n(one),
        )
        for label, most in rows
    ]  # fmt: skip
    tests = sample(records, "suite", "seconds")
    return [
        *found,
        Finding("full recalibration of the eleven municipalities", "15 min"),
        Finding(
            "the tests of every day", "8 min", _values(tests), most=480, unit="s",
            record=records.get("suite"), n=_n(tests),
        ),
    ]  # fmt: skip


def _starts(records: Records) -> list[Finding]:
    nothing = "nothing loaded"
    rows = (
        ("answers", "samspel --help", "`samspel --help`", 0.5, nothing),
        ("answers", "samspel cases", "`samspel cases`", 1.0, nothing),
        ("first-month", "empty cache", "first simulated month, nothing compiled yet", 20.0, "cold"),
    )
    found = []
    for name, label, what, most, compiled in rows:
        one = sample(records, name, label)
        found.append(
            Finding(
                what, f"{most:g} s", _values(one), most=most, unit="s", record=records.get(name),
                compiled=compiled, n=_n(one),
                peer=_next(sample(records, name, "warm cache")) if name == "first-month" else "",
            )
        )  # fmt: skip
    return found


def _next(warm: Sample | None) -> str:
    return f"the next process {number(warm.median)} s" if warm else ""


def _values(one: Sample | None) -> tuple[float, ...]:
    return one.values if one else ()


def _n(one: Sample | None) -> int:
    return one.n if one else 0


def shown(one: Finding, value: float) -> str:
    """Return a value of a goal in its unit."""
    if one.unit in ("share", "percent"):
        return share_of(value) if one.unit == "share" else percent(value)
    return number(value) + (f" {one.unit}" if one.unit else "")
