"""How much the residents of one municipality of a case seek work in another: a prior, not a measurement.

Public name: `ties`.
"""

from collections.abc import Mapping

from sim.data.municipalities import municipality


def ties(persons: Mapping[str, int], parameters: Mapping[str, float]) -> tuple[tuple[float, ...], ...]:
    """Return the share of search by municipality of residence and of the job, shape (n, n).

    With c the share of search outside the own municipality (``commuting_inside`` to municipalities of the
    same labour-market region, ``commuting_outside`` to others) and n(m) residents aged 16-64, the tie from h
    to m is c n(m) / sum of n over the municipalities of that kind; what is left stays at home.

    Args:
        persons: Residents aged 16-64 by code, in the order of the area.
        parameters: One draw.
    """
    region = {code: municipality(code).fa_code for code in persons}
    rows = []
    for home in persons:
        row = {code: 0.0 for code in persons}
        for inside, share in ((True, "commuting_inside"), (False, "commuting_outside")):
            others = [code for code in persons if code != home and (region[code] == region[home]) == inside]
            total = sum(persons[code] for code in others)
            for code in others:
                row[code] = parameters[share] * persons[code] / total
        row[home] = 1.0 - sum(row.values())
        rows.append(tuple(row.values()))
    return tuple(rows)
