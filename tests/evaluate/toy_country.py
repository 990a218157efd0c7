"""A small country for simulated trials: levels that differ, noise, and drift that is a random walk."""

import numpy as np

from sim.data.municipalities import municipalities
from sim.evaluate.panels.designs import CaseDesign
from sim.evaluate.power.paths import TownPaths
from sim.evaluate.power.simulated import Country

PLACES = 24  # with 23 donors the smallest p-value is 1 in 24, so that a 5 % test can refuse
CODES = tuple(one.code for one in municipalities()[:PLACES])


def toy_country(places: int = PLACES, chances: int = 3, spread: float = 0.03) -> Country:
    """Return a country of ``places`` places with ``chances`` paths each."""
    rng = np.random.default_rng(1)
    years = 10
    levels = rng.uniform(6, 14, (places, 1, 1))
    shares = levels * np.exp(rng.normal(0, 0.02, (places, chances, years)))
    codes = CODES[:places]
    groups = {f"place {code}": (code,) for code in codes}
    design = CaseDesign(
        case="toy", name=f"place {codes[0]}", treated=(codes[0],), start="2017-01", first=2017, left_out=(),
        partners=(), neighbours=(), donors=dict(list(groups.items())[1:]), excluded={},
    )  # fmt: skip
    ahead = np.sqrt(np.arange(years))
    return Country(
        design, groups, TownPaths(codes, shares), np.zeros(years), np.tile(spread * ahead, (places, 1))
    )
