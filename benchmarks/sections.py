"""The comparisons of the page, one section each: a table, and what it can and cannot say.

Public name: `SECTIONS` (title -> lines of a section, given the records).
"""

from collections.abc import Callable, Iterator, Mapping
from statistics import NormalDist

from benchmarks.derived import Records, ratios, sample
from benchmarks.growth import by_replications, by_residents
from benchmarks.labels import BATCH_RUN, LARGE, NOTHING, PLAIN, RUNNER, SMALL, STORED
from benchmarks.month import month_by_process
from benchmarks.records import Sample
from benchmarks.tables import samples_table, with_fact
from benchmarks.wording import gigabytes, number, percent, share_of, span, times
from sim.data.dictionary import markdown_table

Section = Callable[[Records], Iterator[str]]


def _plain_mesa(records: Records) -> Iterator[str]:
    yield "The reference in `tests/reference/` restates every rule with an ordinary Mesa agent per"
    yield "resident, and the tests require that both leave every person, household and krona the same."
    yield "Both here run the same policy, which moves every channel, and take turns."
    yield ""
    yield from samples_table(records["speed"].samples)
    large, small, plain = (
        sample(records, "speed", f"{label}, by processor time") for label in (LARGE, SMALL, PLAIN)
    )
    at_size, same = ratios(large, plain), ratios(small, plain)
    if large and plain and at_size and same:
        yield f"By processor time the compiled model with {number(_fact(large, 'residents'))} residents is"
        yield f"{times(large.median / plain.median)} as fast as plain Mesa with"
        yield f"{number(_fact(plain, 'residents'))} ({span(at_size)}); at the same, small size"
        yield f"{times(sorted(same)[len(same) // 2])}, because a compiled month has a cost of its own that"
        yield "does not grow with residents."
        yield ""
    if "memory" in records:
        yield "Peak memory, each in fresh processes, less that of a process with 100 residents:"
        yield ""
        yield from samples_table(records["memory"].samples)


def _numpy(records: Records) -> Iterator[str]:
    yield "Separations (`separate_jobs`), written in plain vectorised NumPy with the same keyed draws."
    yield "Both are given the same town in the same months; every column they leave is compared, and must"
    yield "be equal."
    yield ""
    yield from samples_table(records["numpy"].samples)
    ours, theirs = (sample(records, "numpy", label) for label in ("compiled", "NumPy"))
    if ours and theirs:
        yield f"The kernel needs {percent(ours.median / theirs.median)} of the time: it passes over a"
        yield "resident once, and draws second and third numbers only for those whom the first one"
        yield "reaches, where NumPy makes an array of every intermediate result."
        yield ""


def _simulators(records: Records) -> Iterator[str]:
    record = records["simulators"]
    yield "What people use for models of this kind, from the package registry, in an environment of their"
    yield "own (`.bench-env`). **What is comparable:** the number of agents, the number of steps, the"
    yield "machine, one core, processor time of the steps alone, without imports and set-up. **What is"
    yield "not:** the models. Theirs pass an infection over a network of contacts, which ours does not"
    yield "have; ours runs thirteen processes with households, institutions, benefits and a ledger, which"
    yield "theirs do not have. A step is a day in Covasim and a month in the others. Theirs also leave"
    yield "room for modules that ours does not offer."
    yield ""
    rates = [one for one in record.samples if one.unit == "agent-steps/s"]
    yield from markdown_table(
        ("", "agent-steps/s", "lowest to highest", "n", "step", "what a step does", "draws", "how"),
        [
            (
                f"{one.label} {one.facts.get('version') or ''}".strip(),
                number(one.median) if one.values else "not measured",
                span(one.values),
                str(one.n),
                *(str(one.facts.get(key, "")) for key in ("steps", "task", "generator", "arithmetic")),
            )
            for one in rates
        ],
    )
    held = [one for one in record.samples if one.unit == "bytes/person"]
    own = sample(records, "memory", f"{LARGE}, bytes per resident")
    yield "Peak memory beyond that of a process with 100 agents, in fresh processes:"
    yield ""
    yield from markdown_table(
        ("", "per million agents", "agents"),
        [
            (one.label.removesuffix(", memory"), gigabytes(one.median * 1e6), number(_fact(one, "people")))
            for one in (*held, *([own] if own else []))
            if one.values
        ],
    )


def _batches(records: Records) -> Iterator[str]:
    yield "One town, burn-in included, called from a script in a fresh process; imports are not counted,"
    yield "the start of worker processes is. The workbench's runner also writes every series to its store"
    yield "with checksums; `batch_run` returns one number a run and keeps nothing. The runner is given"
    yield "more runs, for it is faster."
    yield ""
    yield from with_fact(records["batches"], "runs")
    one, other = (sample(records, "batches", f"{label}, 1 process") for label in (RUNNER, BATCH_RUN))
    if one and other:
        yield f"On one process the runner does {times(one.median / other.median)} as many runs a second."
        yield ""


def _seeds(records: Records) -> Iterator[str]:
    record = records["seeds"]
    first = next((one for one in record.samples if one.values), None)
    if first is None:
        return
    yield "A half-width of a mean difference is z x s / sqrt(n), so the pairs needed are as the variances"
    yield "of a difference. Mönsterås alone, its policy against the baseline, month"
    yield f"{first.facts['month']}, parameters at their centres, {first.facts['pairs']} pairs on each of"
    yield f"{first.facts['seeds']} root seeds. *Independent*: the policy's world has another root seed from"
    yield "its synthetic population on. *Independent from the start*: the population and the burn-in are"
    yield "shared, and only the months after differ, which is a harder peer."
    yield ""
    z = NormalDist().inv_cdf(0.95)
    rows = []
    for one in record.samples:
        outcome, other = one.label.split(": ")
        keyed, theirs = _fact(one, "sd_keyed"), _fact(one, "sd_other")
        width = z * keyed / 10  # what a hundred keyed pairs give
        rows.append(
            (
                outcome, other, number(keyed), number(theirs), share_of(one.median),
                f"{share_of(_fact(one, 'low'))} to {share_of(_fact(one, 'high'))}",
                number(width), f"100 and {number((z * theirs / width) ** 2)}",
            )
        )  # fmt: skip
    yield from markdown_table(
        ("outcome", "against", "s, keyed", "s, other", "pairs needed", "90 % interval",
         "half-width (90 %)", "pairs for it, keyed and other"), rows,
    )  # fmt: skip
    yield f"Interval: {first.facts['interval']}. Cost is in kronor, the others in persons and households."
    yield ""


def _generators(records: Records) -> Iterator[str]:
    yield "Both inside a kernel compiled like the model's, on one core. Philox gives four words a call; a"
    yield "decision of one resident needs one. Philox still derives the keys, outside the kernels."
    yield ""
    yield from samples_table(records["generators"].samples)
    ours = sample(records, "generators", "Squares32, one a call")
    one, four = (
        sample(records, "generators", f"Philox4x32-10, {words} used")
        for words in ("one of four words", "all four words")
    )
    if ours and one and four:
        yield f"A draw by Philox costs {times(one.median / ours.median)} as much, and"
        yield f"{times(four.median / ours.median)} where all four words can be used."
        yield ""


def _report(records: Records) -> Iterator[str]:
    record = records["report"]
    whole = [one for one in record.samples if one.label in (NOTHING, STORED)]
    parts = [one for one in record.samples if one.label.startswith("part: ")]
    replications = next((one.facts["replications"] for one in whole), "")
    yield f"`samspel report nykoping` with {replications} pairs, compiled code warm."
    yield ""
    yield from samples_table(whole)
    yield "Where the time goes when every run is in the store, step by step in a process of its own (its"
    yield "imports in that order, so that what two steps share is counted in the first):"
    yield ""
    yield from samples_table([one.model_copy(update={"label": one.label[6:]}) for one in parts])


def _fact(one: Sample, name: str) -> float:
    return float(str(one.facts[name]))


SECTIONS: Mapping[str, tuple[str, Section]] = {
    "speed": ("Against plain Mesa", _plain_mesa),
    "numpy": ("One process against plain NumPy", _numpy),
    "simulators": ("Against Starsim and Covasim", _simulators),
    "batches": ("Runs: against `mesa.batch_run`", _batches),
    "seeds": ("Chance: keyed draws against independent seeds", _seeds),
    "generators": ("Random numbers: Squares32 against Philox4x32-10", _generators),
    "residents": ("Scaling: residents", by_residents),
    "replications": ("Scaling: replications and processes", by_replications),
    "profile": ("A month by process: what is slow, and why", month_by_process),
    "report": ("A report", _report),
}
"""By the benchmark that a section needs, in the order of the page."""
