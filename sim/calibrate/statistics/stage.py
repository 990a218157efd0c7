"""Collect the headline figures of stage 1, and write them where the rest of the workbench reads estimates."""

import hashlib
from pathlib import Path
from typing import Final

import yaml

from sim.calibrate.statistics.cycle import cycle_estimates, cycle_responses
from sim.calibrate.statistics.elasticity import assistance_elasticity
from sim.calibrate.statistics.levels import level_estimates
from sim.calibrate.statistics.mix import age_mix, longterm_share
from sim.calibrate.statistics.origin import origin_estimate
from sim.calibrate.statistics.relations import bas_over_af, bas_season, stativ_on_af
from sim.calibrate.statistics.result import Estimated, StageOne
from sim.calibrate.statistics.season import season_estimates
from sim.calibrate.statistics.trends import trend_estimates
from sim.calibrate.statistics.unit_cost import unit_costs
from sim.core.errors import SamspelError
from sim.core.files import write_text
from sim.data.tables import TABLES

USED: Final = (
    "af_stock",
    "assistance_households",
    "bas_unemployed",
    "education_shares",
    "facts",
    "national_series",
    "population",
    "skr_membership",
    "stativ",
    "stockholm_panel",
)
"""Tables that stage 1 reads."""

_DIGITS = 5
_HEADER = """\
# Stage 1: what official figures say by themselves. Written by sim.calibrate.statistics.stage.write_stage_one
# from the tables named below; do not edit. Standard errors are those of the method named with each figure.
"""


def stage_one() -> StageOne:
    """Estimate all headline figures from the official tables, in about twenty seconds."""
    figures = (
        *level_estimates(),
        *trend_estimates(),
        *season_estimates(),
        *cycle_estimates(),
        *cycle_responses(),
        *stativ_on_af(),
        bas_over_af(),
        bas_season(),
        *age_mix(),
        *longterm_share(),
        origin_estimate(),
        assistance_elasticity(),
        *unit_costs(),
    )
    return StageOne(figures=figures, tables=USED, vintage=data_vintage(USED))


def write_stage_one(path: Path, found: StageOne | None = None) -> Path:
    """Write the headline figures as YAML, whole or not at all.

    Args:
        path: Where to; ``params/estimates/national.yaml`` is the one that is kept.
        found: Figures already estimated; they are estimated anew without.
    """
    result = stage_one() if found is None else found
    content = {
        "vintage": result.vintage,
        "tables": list(result.tables),
        "figures": {one.name: _plain(one) for one in result.figures},
    }
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    return write_text(path, _HEADER + body)


def data_vintage(names: tuple[str, ...]) -> str:
    """Return a short hash of tables of ``data/``, the same whatever the line endings of the checkout."""
    whole = hashlib.sha256()
    for name in sorted(names):
        path = TABLES[name].path
        try:
            content = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise SamspelError(
                f"{path}: cannot be read ({error.strerror}). Restore it (git checkout -- data)."
            ) from error
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:16]


def _plain(one: Estimated) -> dict[str, object]:
    return {
        "label_sv": one.label_sv,
        "label_en": one.label_en,
        "unit": one.unit,
        "estimate": _rounded(one.estimate),
        "se": _rounded(one.se),
        "n": one.n,
        "period": one.period,
        "method": one.method,
        "identified_by": one.identified_by,
        "diagnostics": {name: _rounded(value) for name, value in one.diagnostics.items()},
    }


def _rounded(value: float) -> float:
    """Round to the digits that do not depend on the machine's linear algebra."""
    return float(f"{value:.{_DIGITS}g}")
