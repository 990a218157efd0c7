"""The margins that exist for every municipality, which a synthetic population must meet."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.data.municipalities import municipality
from sim.data.schemas import AGE_BANDS
from sim.data.tables import table

Level = Literal["presecondary", "upper_secondary", "postsecondary"]

SEXES: Final = ("women", "men")
"""Order of the sexes in every margin."""

EDUCATION: Final[dict[Level, tuple[str, ...]]] = {
    "presecondary": ("presecondary_under_9_years", "presecondary_9_years"),
    "upper_secondary": ("upper_secondary_up_to_2_years", "upper_secondary_3_years"),
    "postsecondary": ("postsecondary_under_3_years", "postsecondary_3_years_or_more", "research_degree"),
}
"""The three levels of the model and the official levels that each sums."""

_YEARS = {2018: "2018-09", 2022: "2022-09"}


@dataclass(frozen=True)
class Margins:
    """Residents of one municipality by age and sex, and by education and sex."""

    code: str
    year: int
    age_bands: tuple[tuple[int, int], ...]
    """First and last age of each band."""
    persons: NDArray[np.int64]
    """Residents [sex, band], women first, ages 16-74."""
    education: NDArray[np.int64]
    """Residents [sex, level], women first, ages 16-74; unknown education is in no level."""

    def residents(self, low: int, high: int) -> int:
        """Return the residents aged ``low`` to ``high``, which must be ends of bands."""
        starts, ends = (tuple(band[side] for band in self.age_bands) for side in (0, 1))
        if low not in starts or high not in ends:
            raise input_error("margins", "ages", f"{low}-{high}", f"ends of the bands {self.age_bands}")
        return int(self.persons[:, starts.index(low) : ends.index(high) + 1].sum())


def margins(code: str, year: int) -> Margins:
    """Return the margins of a municipality in 2018 or 2022.

    Raises:
        SamspelError: The municipality is unknown, the year has no margins, or the tables lack its rows.
    """
    if year not in _YEARS:
        raise input_error(
            "margins", "year", year, " or ".join(map(str, _YEARS)), [str(known) for known in _YEARS]
        )
    place = municipality(code).code
    ages = table("population").filter(code=place, month=_YEARS[year])
    levels = table("education").filter(code=place, year=year)
    for name, rows in (("population", ages), ("education", levels)):
        if sorted(rows["sex"]) != sorted(SEXES):
            raise input_error(
                f"data/{name}.csv", "code", place, f"a municipality with a row for each sex in {year}"
            )
    summed = levels.select("sex", *(pl.sum_horizontal(parts).alias(to) for to, parts in EDUCATION.items()))
    return Margins(
        code=place,
        year=year,
        age_bands=AGE_BANDS,
        persons=_by_sex(ages, [f"age_{low}_{high}" for low, high in AGE_BANDS]),
        education=_by_sex(summed, list(EDUCATION)),
    )


def margins_at(code: str, month: int) -> Margins:
    """Return the margins of the known year nearest to a month number."""
    return margins(code, min(_YEARS, key=lambda year: abs(12 * year + 8 - month)))


def _by_sex(frame: pl.DataFrame, columns: list[str]) -> NDArray[np.int64]:
    rows = [frame.filter(sex=sex).select(columns).row(0) for sex in SEXES]
    array = np.array(rows, dtype=np.int64)
    array.setflags(write=False)
    return array
