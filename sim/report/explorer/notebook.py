"""What the notebook `01_explore` calls: parameters are checked, and the explorer is returned to be shown.

Public name: `explorer`.
"""

import ipywidgets as widgets

from sim.core.errors import input_error
from sim.core.paths import root
from sim.experiment.explore.draft import placed_case
from sim.experiment.explore.refine import Target
from sim.report.explorer.app import Explorer


def explorer(
    case: str = "nykoping",
    municipality: str = "",
    scenario: str = "",
    start: str = "",
    horizon: int = 0,
    lang: str = "sv",
    half_width: float = 10.0,
    pairs: int = 60,
    folder: str = "policies",
    report_pairs: int = 0,
) -> widgets.Widget:
    """Return the explorer, to be shown by the last line of a notebook cell.

    Args:
        case: Name of a case to begin with, or the path of a case file.
        municipality: Name or code; the case's own unless given.
        scenario: Name of a scenario; the case's own unless given.
        start: First month, YYYY-MM; the case's own unless given.
        horizon: Months to follow; 0: the case's own.
        lang: sv or en.
        half_width: Refine until the mean of people in work is known to so many persons.
        pairs: Most pairs of worlds.
        folder: Where policies are saved, in the project folder unless the path is whole.
        report_pairs: Pairs of a report; 0: as the reports have.

    Raises:
        SamspelError: A parameter is not allowed.
    """
    if not half_width > 0:
        raise input_error("explorer", "half_width", half_width, "a number above 0")
    for name, number, least in (("pairs", pairs, 10), ("report_pairs", report_pairs, 0)):
        if number < least:
            raise input_error("explorer", name, number, f"a whole number of at least {least}")
    first = placed_case(case, municipality, start, horizon, scenario)
    return Explorer(case, first, lang, Target(half_width, pairs), root() / folder, report_pairs).box
