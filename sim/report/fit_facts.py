"""What a fit card is made from: a municipality's estimate, held against every official figure that it has.

Public names: `FitFacts`, its parts `Fitted` and `Score`, and `fit_facts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from sim.calibrate.measures import FITTED, PREDICTED, SET_WITH
from sim.calibrate.settings import MOMENTS
from sim.data.municipalities import municipality
from sim.policy.documents import checked
from sim.policy.estimates import MUNICIPAL, estimates_folder, load_estimate, municipal_priors
from sim.policy.priors import load_priors
from sim.policy.vintage import changed_since

ROLES: Final = ("target", "looked", "prediction")
"""Fitted by the municipality's own parameters; looked at when the national ones were set; neither."""
TESTS: Final = ("stativ_2018_2021", "af_2022_aku", "af_2022")
"""Backtests on a card, each in its first unit."""
_MEASURES: Final = {measure.key: measure for measure in (*FITTED, *PREDICTED)}
_COLUMNS: Final = {
    "key": pl.String,
    "role": pl.String,
    "digits": pl.Int64,
    "persons": pl.Boolean,
    "official": pl.Float64,
    "official_high": pl.Float64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
_UNIT_PERSONS: Final = "persons"


@dataclass(frozen=True, slots=True)
class Fitted:
    """One municipal parameter before and after it was fitted.

    ``learnt`` is the part of the prior's spread that is gone; ``moment`` the figure that pins it down.
    """

    name: str
    label: str
    unit: str
    mean: float
    low: float
    high: float
    prior_low: float
    prior_high: float
    learnt: float
    moment: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well later figures were predicted, in the municipality or (``whole``) in all of them.

    The ratios are of the mean CRPS to that of persistence and of an AR panel: below one is better.
    """

    test: str
    whole: bool
    figures: int
    to_persistence: float | None
    to_panel: float | None
    covered: float


@dataclass(frozen=True)
class FitFacts:
    """Everything that a municipality's card prints.

    Args:
        code: Municipality code.
        name: Its name.
        group: Its group by population and commuting (SKR).
        calibrated: Whether there is an estimate; without one, wide priors are used, and ``rows`` are those
            of the report's own runs.
        rows: Columns key, role (of `ROLES`), digits, persons (whether a count), official, official_high
            (null unless a range), mean, low, high; targets first.
        fitted: The municipal parameters; none where not calibrated.
        moved_by: Elasticity of each moment to each parameter, by moment and parameter.
        together: Correlation of each two parameters, by their names.
        missing: Moments without a figure of the municipality's own.
        monthly: Correlation of the model's and the official detrended months of 2018.
        fights: Labels of the parameters that the figures push far out in their priors.
        changed: Which of data, priors and model have changed since the estimate was made.
        made_with: Twelve digits of each of them, as they were.
        others: Number of uncertain parameters that no municipal figure pins down, by part and grade.
        set_with: Names of the municipalities whose figures were in view when national parameters were set.
        scores: Backtests of the municipality and of all, where they have been kept.
    """

    code: str
    name: str
    group: str
    calibrated: bool
    rows: pl.DataFrame
    fitted: tuple[Fitted, ...]
    moved_by: Mapping[str, Mapping[str, float]]
    together: Mapping[tuple[str, str], float]
    missing: tuple[str, ...]
    monthly: float | None
    fights: tuple[str, ...]
    changed: tuple[str, ...]
    made_with: Mapping[str, str]
    others: Mapping[tuple[str, str], int]
    set_with: tuple[str, ...]
    scores: tuple[Score, ...]

    def row(self, key: str) -> dict[str, Any] | None:
        """Return one figure's row, or None where there is no figure."""
        found = self.rows.filter(key=key)
        return None if found.is_empty() else found.row(0, named=True)


class _Parameter(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    mean: float
    low: float
    high: float
    prior_low: float
    prior_high: float
    learnt: float


class _Document(BaseModel):
    """What a card reads of an estimate's file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    fallback: list[str]
    parameters: dict[str, _Parameter]
    correlations: dict[str, float]
    fit: list[dict[str, Any]]
    monthly_correlation: float
    identification: dict[str, dict[str, float]]
    fights: list[str]
    made_with: dict[str, str] = {}


def fit_facts(
    code: str, folder: Path | None = None, own: pl.DataFrame | None = None, lang: str = "sv"
) -> FitFacts:
    """Return the facts of a municipality's card.

    Args:
        code: Municipality code.
        folder: Folder of the estimates; ``params/estimates`` unless given.
        own: Rows of `sim.calibrate.measures.fit_rows` from the report's own runs, shown where there is
            no estimate.
        lang: Language of the labels.

    Raises:
        SamspelError: The municipality is unknown, or its estimate's file is damaged.
    """
    place = municipality(code)
    folder = estimates_folder() if folder is None else folder
    estimate = load_estimate(place.code, folder)
    found = None
    if estimate is not None:
        found = checked(_Document, estimate.document, folder / f"{place.code}.yaml")
    labels = {prior.name: _label(prior, lang) for prior in municipal_priors()}
    shown = found.fit if found else [] if own is None else own.to_dicts()
    return FitFacts(
        code=place.code,
        name=place.name,
        group=place.skr_group,
        calibrated=found is not None,
        rows=_rows(shown, place.code, found is not None),
        fitted=_fitted(found, lang) if found else (),
        moved_by=found.identification if found else {},
        together=_together(found.correlations) if found else {},
        missing=tuple(found.fallback) if found else (),
        monthly=found.monthly_correlation if found else None,
        fights=tuple(labels[name] for name in found.fights) if found else (),
        changed=changed_since(estimate.document) if estimate else (),
        made_with=found.made_with if found else {},
        others=_others(),
        set_with=tuple(municipality(one).name for one in SET_WITH),
        scores=_scores(place.code, folder),
    )


def role_of(key: str, written: str, codes: Sequence[str], calibrated: bool) -> str:
    """Return which of `ROLES` a figure has in some municipalities, given what `fit_rows` calls it."""
    if _MEASURES[key].fitted and calibrated:
        return ROLES[0]
    return ROLES[1] if written == ROLES[0] and set(codes) <= set(SET_WITH) else ROLES[2]


def _label(prior: Any, lang: str) -> str:
    return str(prior.label_sv if lang == "sv" else prior.label_en)


def _rows(written: list[dict[str, Any]], code: str, calibrated: bool) -> pl.DataFrame:
    rows = []
    for one in written:
        measure = _MEASURES.get(one["key"])
        if measure is None:  # an older estimate's
            continue
        numbers = {name: one.get(name) for name in ("official", "official_high", "mean", "low", "high")}
        role = role_of(measure.key, one["role"], [code], calibrated)
        told = {"key": measure.key, "role": role, "digits": measure.digits, "persons": measure.adds}
        rows.append({**told, **numbers})
    rows.sort(key=lambda row: ROLES.index(row["role"]))
    return pl.DataFrame(rows, schema=_COLUMNS)


def _fitted(found: _Document, lang: str) -> tuple[Fitted, ...]:
    return tuple(
        Fitted(
            prior.name,
            _label(prior, lang),
            prior.unit,
            **found.parameters[prior.name].model_dump(),
            moment=MOMENTS[MUNICIPAL.index(prior.name)],
        )
        for prior in municipal_priors()
    )


def _together(written: Mapping[str, float]) -> dict[tuple[str, str], float]:
    pairs = {tuple(names.split(", ")): value for names, value in written.items()}
    return {(names[0], names[1]): value for names, value in pairs.items()}


def _others() -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for prior in load_priors():
        if prior.distribution != "fixed" and not prior.identified:
            counts[prior.part, prior.grade] = counts.get((prior.part, prior.grade), 0) + 1
    return counts


def _scores(code: str, folder: Path) -> tuple[Score, ...]:
    """Return the kept backtests: for each test the municipality's own score, then that of all."""
    whole, each = folder / "backtest.csv", folder / "backtest_municipalities.csv"
    if not whole.exists() or not each.exists():
        return ()
    text = {"code": pl.String, "period": pl.String}
    chosen = pl.col("test").is_in(TESTS), pl.col("unit") != _UNIT_PERSONS
    places = pl.read_csv(each, schema_overrides=text).filter(*chosen, code=code)
    country = pl.read_csv(whole, schema_overrides=text).filter(*chosen, period="all")
    found = []
    for test in TESTS:
        for rows in (places.filter(test=test), country.filter(test=test)):
            by_name = {row["forecaster"]: row for row in rows.iter_rows(named=True)}
            if "samspel" not in by_name:
                continue
            own = by_name["samspel"]
            found.append(
                Score(
                    test,
                    "code" not in own,
                    int(own["n"]),
                    _ratio(own, by_name.get("persistence")),
                    _ratio(own, by_name.get("ar_panel")),
                    float(own["cover90"]),
                )
            )
    return tuple(found)


def _ratio(own: Mapping[str, Any], rival: Mapping[str, Any] | None) -> float | None:
    return own["crps"] / rival["crps"] if rival and rival["crps"] else None
