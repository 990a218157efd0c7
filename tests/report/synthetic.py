"""Invented facts for tests of words, pictures and pages. Production code cannot reach them."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from report_estimates import estimate_of

from sim.data.municipalities import municipality
from sim.data.tables import TABLES
from sim.report.facts import BY_MUNICIPALITY, ESTIMATE, Assumption, ReportFacts, RunFacts
from sim.report.fit_facts import FitFacts, Fitted
from sim.report.gather import SOURCES
from sim.report.unit_costs import Ratio
from sim.report.words import words

DRAWS = 200
HORIZON = 48
MARKS = (12, 24, 48)
MILLION = 1e6
GROUP_SHARES = {"youth": 0.35, "newcomer": 0.25, "long_term": 0.5, "other": -0.1}

Draws = NDArray[np.float64]


TEXTS = {
    "sv": {
        "question": "Vad ger det att Jobbtorg och Arbetsförmedlingen arbetar som ett lag i Nyköping?",
        "lead": (
            "Sedan september 2023 arbetar kommunens Jobbtorg och Arbetsförmedlingen i samma lokaler. "
            "Varje deltagare får en egen plan. Kommunen öppnar omkring 100 platser för praktik och jobb."
        ),
        "called": "satsningen",
        "not_expressed": (
            "att unga mellan 18 och 24 år går först",
            "platser hos föreningar, sociala företag och andra arbetsgivare",
        ),
        "rules": {"memory": ("A-kassa, högsta belopp per dag",), "carried": ("Aktivitetsstöd (2019-12)",)},
    },
    "en": {
        "question": "What is the effect of Jobbtorg and the employment service working as one team?",
        "lead": (
            "Since September 2023 the municipality and the employment service work in the same premises. "
            "Each participant gets a plan. The municipality opens some 100 places for practice and jobs."
        ),
        "called": "the initiative",
        "not_expressed": (
            "that those aged 18 to 24 go first",
            "places with associations, social enterprises and other employers",
        ),
        "rules": {"memory": ("Insurance, highest amount a day",), "carried": ("Activity support (2019-12)",)},
    },
}
LABELS = {
    "sv": ("Inflödet till arbetslöshet", "Nivå på jobbchansen", "Ansöker om bistånd"),
    "en": ("Inflow to unemployment", "Level of the job-finding rate", "Apply for assistance"),
}


def synthetic_facts(
    size: float = 1.0, names: tuple[str, ...] = ("Nyköping",), lang: str = "sv"
) -> ReportFacts:
    """Return facts whose effects are ``size`` times an invented reform; 0 is the null world.

    With several names they are the total of as many municipalities, each with its part of the effects.
    """
    draws = {key: size * values for key, values in _draws().items()}
    without = np.full((DRAWS, HORIZON), 0.44)
    draws["reached_90_share_baseline", "all"] = without
    draws["reached_90_share_policy", "all"] = without + draws["reached_90_share", "all"]
    rows = [
        {"indicator": indicator, "group": group, "month": month + 1, **_estimate(values[:, month])}
        for (indicator, group), values in draws.items()
        for month in range(HORIZON)
    ]
    return ReportFacts(
        **TEXTS[lang],  # type: ignore[arg-type]
        place=words(lang).listed(names),
        municipalities=names,
        markets=(names,),
        case_language=lang,
        start=12 * 2023 + 8,
        marks=MARKS,
        levers=("coordination", "co_location", "individual_plan", "municipal_placements"),
        effects=pl.DataFrame(rows),
        by_municipality=_by_municipality(draws, names),
        even=pl.DataFrame(
            {
                "payer": ["municipality", "state", "funds", "region", "joint", "public"],
                "probability": [0.14 * bool(size), 0.83 * bool(size), 0.1 * bool(size), 0.5, 0.0, 0.46],
                "median": [None, 31, None, 48, None, None],
            }
        ),
        per_month=Ratio(38_000.0, 14_000.0, 210_000.0) if size else None,
        queues=pl.DataFrame(
            {
                "indicator": ["waiting_plan", "waiting_place", "waiting_activity"],
                "mean": [143.0, 3.0, 61.0],
                "low": [90.0, 0.0, 40.0],
                "high": [210.0, 8.0, 80.0],
            }
        ),
        fit=_fit(),
        fit_by_municipality=_fit_by_municipality(names),
        cards=tuple(synthetic_card(name, lang) for name in names),
        set_with=("Nyköping",),
        uncertainty=pl.DataFrame({"grade": ["A", "B", "C", "rest"], "share": [0.12, 0.27, 0.49, 0.12]}),
        conditions=pl.DataFrame(
            [
                (LABELS[lang][0], "ratio", "C", 1.05, 0.62, 0.97),
                (LABELS[lang][1], "days", "B", 23.0, 0.96, 0.81),
            ],
            schema=("label", "unit", "grade", "middle", "below", "above"),
            orient="row",
        ),
        assumptions=_assumptions(lang),
        tables=tuple(TABLES[name] for name in SOURCES),
        varies_demand=True,
        run=RunFacts(
            fingerprint="0000-0000-0000",
            pairs=DRAWS,
            failed=0,
            seed=1,
            command="samspel report nykoping --replications 200 --seed 1",
            computed=date(2026, 11, 22),
            data_until=2023,
            rules_until=2023,
            sources=("SCB", "Arbetsförmedlingen", "Socialstyrelsen", "Kolada (RKA)"),
        ),
    )


def _draws() -> dict[tuple[str, str], Draws]:
    random = np.random.default_rng(20260101)
    months = np.arange(1, HORIZON + 1, dtype=float)
    shape = random.normal(size=(8, DRAWS))

    def path(mean: Draws, spread: Draws, key: int) -> Draws:
        return np.asarray(mean + shape[key][:, None] * spread)

    dip = -18.0 * np.exp(-(((months - 11) / 7) ** 2))
    gain = np.interp(months, [0, 14, 24, 48], [0, 0, 12, 42])
    people = np.round(path(dip + gain, 3 + 0.65 * months, 0))
    found: dict[tuple[str, str], Draws] = {("employed", "all"): people}
    groups = {name: np.round(share * people) for name, share in GROUP_SHARES.items() if name != "other"}
    groups["other"] = people - sum(groups.values())
    found |= {("employed", name): values for name, values in groups.items()}
    women = np.round(0.45 * people + shape[1][:, None] * 6)
    found["employed", "women"] = women
    found["employed", "men"] = people - women
    found["employed", "women_minus_men"] = 2 * women - people
    found["employed_unsubsidised", "all"] = people - np.round(0.7 * months)
    found["assistance_households", "all"] = np.round(path(-0.55 * months, 4 + 0.5 * months, 2))
    helped = np.clip(people, 0, None) + np.linspace(25, 55, HORIZON)
    lost = helped - people
    found["helped", "all"] = helped
    for kind, share in (("displaced", 0.45), ("held", 0.35), ("delayed", 0.2)):
        found[kind, "all"] = share * lost
    found |= _money(months, shape)
    found["reached_90_share", "all"] = path(0.13 + 0 * months, 0.05 + 0 * months, 6)
    found["client_exit_change", "all"] = path(-0.05 + 0 * months, 0.03 + 0 * months, 7)
    found["hazard_lock_in", "all"] = np.clip(path(-0.04 + 0 * months, 0.02 + 0 * months, 3), None, 0)
    found["hazard_dip", "all"] = np.clip(path(-0.02 + 0 * months, 0.01 + 0 * months, 4), None, 0)
    return found


def _money(months: Draws, shape: Draws) -> dict[tuple[str, str], Draws]:
    def total(yearly: float, spread: float, key: int) -> Draws:
        return np.asarray(MILLION * months / 12 * (yearly + spread * shape[key][:, None]))

    parts = {
        "reform_cost": total(-6.5, 0.5, 1),
        "assistance": total(1.75, 2.5, 2),
        "state_grants": total(1.0, 0.6, 3),
        "tax_after": total(0.05, 0.2, 0),
        "other": total(-0.1, 0.05, 5),
    }
    found = {(f"cum_municipality_{part}", "all"): values for part, values in parts.items()}
    net = {
        "municipality": sum(parts.values(), np.zeros_like(parts["assistance"])),
        "state": total(3.0, 2.6, 4),
        "funds": total(-0.4, 0.3, 2),
        "region": total(0.02, 0.05, 5),
        "joint": total(0.0, 0.0, 5),
        "employer": total(0.4, 0.8, 6),
        "person": total(1.5, 2.0, 7),
    }
    net["public"] = sum(
        (net[name] for name in ("municipality", "state", "funds", "region", "joint")), 0 * months
    )
    found |= {(f"cum_net_{payer}", "all"): values for payer, values in net.items()}
    found["cum_moved", "all"] = total(0.75, 0.3, 2)
    found["cum_moved_insurance", "all"] = 0.7 * found["cum_moved", "all"]
    found["cum_moved_activity_support", "all"] = 0.3 * found["cum_moved", "all"]
    found["cum_saved", "all"] = parts["assistance"] - found["cum_moved", "all"]
    found["cum_reform_cost", "all"] = -parts["reform_cost"]
    found["cum_cost_co_location_investment", "all"] = 0 * months + 0.8 * MILLION + 0 * shape[1][:, None]
    found["cum_cost_co_location_running", "all"] = total(0.4, 0.1, 1)
    found["cum_cost_individual_plan_running", "all"] = total(3.1, 0.5, 3)
    for queue, yearly in (("waiting_plan", -12.0), ("waiting_place", 2.0), ("waiting_activity", 20.0)):
        found[queue, "all"] = np.asarray(yearly + 5 * shape[4][:, None] + 0 * months)
    found["cum_municipality_tax_before", "all"] = total(0.5, 2.0, 0)
    return found


def _by_municipality(draws: dict[tuple[str, str], Draws], names: tuple[str, ...]) -> pl.DataFrame:
    rows = [
        {"municipality": name, "indicator": one, **_estimate((number + 1) / 10 * draws[one, "all"][:, -1])}
        for number, name in enumerate(names if len(names) > 1 else ())
        for one in BY_MUNICIPALITY
    ]
    return pl.DataFrame(rows)


def _fit_by_municipality(names: tuple[str, ...]) -> pl.DataFrame:
    rows = [_fit().with_columns(municipality=pl.lit(name)) for name in names]
    return pl.concat(rows) if len(names) > 1 else pl.DataFrame()


def _estimate(values: Draws) -> dict[str, float]:
    estimate = estimate_of(values.tolist())
    return {name: getattr(estimate, name) for name in ESTIMATE}


def _fit() -> pl.DataFrame:
    rows = [
        ("af_stock_2018", 1968.0, None, 1953.0, 1887.0, 2012.0, "target", 0, True),
        ("stativ_2018", 11.3, None, 11.2, 10.8, 11.6, "target", 1, True),
        ("households_month_2017", 562.0, None, 571.0, 528.0, 612.0, "target", 0, True),
        ("households_year_2017", 1258.0, None, 1230.0, 1160.0, 1310.0, "target", 0, True),
        ("open_share", 0.46, 0.56, 0.49, 0.47, 0.51, "prediction", 2, False),
        ("af_stock_2022", 2101.0, None, 2040.0, 1820.0, 2290.0, "prediction", -1, True),
        ("bas_2023", 1650.0, None, 1700.0, 1500.0, 1900.0, "prediction", -1, True),
    ]
    names = ("key", "official", "official_high", "mean", "low", "high", "role", "digits", "main")
    return pl.DataFrame(rows, schema=names, orient="row")


def _assumptions(lang: str) -> tuple[Assumption, ...]:
    found = (
        Assumption(
            "Dagar till gemensamt möte, skilda lokaler",
            "days",
            7,
            35,
            60,
            "C",
            "institutions",
            "lever",
            False,
        ),
        Assumption(
            "Dagar till gemensamt möte, samma lokaler", "days", 3, 10, 21, "C", "institutions", "lever", False
        ),
        Assumption("Omställningens längd", "months", 6, 12, 24, "B", "NAV_FMR14", "lever", False),
        Assumption("Utflöde ur registret, bas", "share", 0.10, 0.149, 0.19, "C", "AF", "model", True),
    )
    english = ("Days to a meeting, apart", "Days to a meeting, together", "Length of the dip", "Exits, base")
    return (
        found
        if lang == "sv"
        else tuple(replace(one, label=label) for one, label in zip(found, english, strict=True))
    )


def synthetic_card(name: str = "Nyköping", lang: str = "sv") -> FitFacts:
    """Return an invented card of a calibrated municipality."""
    looked = ("households_year_2017", "open_share")
    rows = _fit().with_columns(
        role=pl.when(pl.col("key").is_in(looked)).then(pl.lit("looked")).otherwise("role"),
        persons=~pl.col("key").is_in(["stativ_2018", "open_share"]),
    )
    moments = ("af_stock_share", "stativ_share", "households_share")
    names = ("entry_level", "job_finding_reference", "take_up_rate")
    labels = LABELS[lang]
    return FitFacts(
        code=municipality(name).code,
        name=name,
        group="Mindre stad",
        calibrated=True,
        rows=rows.drop("main"),
        fitted=tuple(
            Fitted(one, label, "ratio", 1.1, 0.9, 1.3, 0.4, 2.4, 0.85, moment)
            for one, label, moment in zip(names, labels, moments, strict=True)
        ),
        moved_by={moment: dict(zip(names, (0.67, -0.62, -0.03), strict=True)) for moment in moments},
        together={names[:2]: 0.62, (names[0], names[2]): -0.1},
        missing=(),
        monthly=0.984,
        fights=(),
        changed=(),
        made_with={"data": "0" * 12, "priors": "1" * 12, "model": "2" * 12},
        others={("model", "B"): 19, ("model", "C"): 114, ("operator", "A"): 1, ("lever", "C"): 28},
        set_with=("Nyköping",),
        scores=(),
    )
