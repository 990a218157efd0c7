"""What the model will be held against in one place: the official figures of each observation operator."""

from dataclasses import dataclass

from sim.core.errors import SamspelError
from sim.data.facts import Confidence, Fact, observations, official
from sim.data.municipalities import municipality
from sim.data.operators import OPERATORS, Operator

_COUNTRY = "0000"
_MONTHS_OF_ASSISTANCE = ("2017", "2017-01/2017-08")


@dataclass(frozen=True)
class Figure:
    """One official statistic and the figures published of it."""

    operator: Operator
    facts: tuple[Fact, ...]
    """Figures of the place itself, oldest first; empty where nothing is published."""
    context: tuple[Fact, ...] = ()
    """Figures of other places (counties, the country) that bound it."""


def figures(code: str) -> tuple[Figure, ...]:
    """Return the official figures of a municipality for every operator, in the order of ``OPERATORS``.

    Monthly statistics are given as means of the years (or spans) whose months are all published.
    """
    place = municipality(code).code
    own: dict[str, tuple[Fact, ...]] = {
        "af_stock": _years(place, "af_stock"),
        "open_share": _open_shares(place),
        "stativ_share": _all(place, "stativ_share"),
        "bas_unemployed": (*_all(place, "bas_unemployed", "2022"), *_years(place, "bas_unemployed")),
        "assistance_households_month": _found(place, "assistance_households_month", _MONTHS_OF_ASSISTANCE[1]),
        "assistance_households_year": _all(place, "assistance_households_year"),
        "assistance_months_per_household_year": _months_per_household(place),
        "assistance_longterm_share": _all(place, "assistance_longterm_share"),
        "assistance_paid_year": _all(place, "assistance_paid_year"),
    }
    context: dict[str, tuple[Fact, ...]] = {
        "assistance_months_per_household_year": _all(_COUNTRY, "assistance_months_per_household_year"),
        "assistance_longterm_share": _all(_COUNTRY, "assistance_longterm_share"),
        "job_start_rate": _job_starts(),
    }
    return tuple(Figure(OPERATORS[n], own.get(n, ()), context.get(n, ())) for n in OPERATORS)


def _found(code: str, indicator: str, period: str) -> tuple[Fact, ...]:
    """Return the figure as a tuple of one, or of none if it is not published."""
    try:
        return (official(code, indicator, period),)
    except SamspelError:
        return ()


def _all(code: str, indicator: str, year: str = "") -> tuple[Fact, ...]:
    rows = observations(indicator).filter(code=code)
    periods = [period for period in rows["period"] if period.startswith(year)]
    return tuple(official(code, indicator, period) for period in periods)


def _years(code: str, indicator: str) -> tuple[Fact, ...]:
    """Return the mean of each year whose twelve months are published."""
    years = sorted({period[:4] for period in observations(indicator).filter(code=code)["period"]})
    return tuple(fact for year in years for fact in _found(code, indicator, year))


def _open_shares(code: str) -> tuple[Fact, ...]:
    """Return openly unemployed over the stock; over the nearest stock, at low confidence, if years differ."""
    shares = []
    for part in _all(code, "af_openly_unemployed_annual_mean"):
        whole = _found(code, "af_unemployed_total_annual_mean", part.period)
        nearest = sorted(
            _years(code, "af_stock"), key=lambda stock: abs(int(stock.period) - int(part.period))
        )
        if whole:
            shares.append(_ratio("open_share", part, whole[0], 1.0, part.confidence))
        elif nearest:
            shares.append(_ratio("open_share", part, nearest[0], 1.0, "low"))
    return tuple(shares)


def _months_per_household(code: str) -> tuple[Fact, ...]:
    """Return household-months over households of the year; too low, as the months are preliminary."""
    year, span = _MONTHS_OF_ASSISTANCE
    month, total = (
        _found(code, "assistance_households_month", span),
        _found(code, "assistance_households_year", year),
    )
    if not month or not total:
        return ()
    return (_ratio("assistance_months_per_household_year", month[0], total[0], 12.0, "low"),)


def _job_starts() -> tuple[Fact, ...]:
    """Return job starts over the stock for the counties and months where both are published."""
    starts = observations("af_got_job_of_unemployed")
    pairs = [
        (official(row["code"], "af_got_job_of_unemployed", row["period"]), stock)
        for row in starts.iter_rows(named=True)
        for stock in _found(row["code"], "af_stock", row["period"])
    ]
    return tuple(_ratio("job_start_rate", start, stock, 100.0, start.confidence) for start, stock in pairs)


def _ratio(name: str, part: Fact, whole: Fact, scale: float, confidence: Confidence) -> Fact:
    return Fact(
        code=part.code,
        indicator=name,
        period=part.period,
        value=scale * part.value / whole.value,
        unit=OPERATORS[name].unit,
        source=part.source if part.source == whole.source else f"{part.source}; {whole.source}",
        table=part.table if part.table == whole.table else f"{part.table}, {whole.table}",
        confidence=confidence,
        note=f"{part.indicator} {part.period} {part.value:g} over {whole.indicator} "
        f"{whole.period} {whole.value:g}" + (f", times {scale:g}" if scale != 1.0 else ""),
    )
