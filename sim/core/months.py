"""Calendar months as whole numbers, so that dates compare, subtract and key random draws."""

import re

from sim.core.errors import input_error

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


def month_number(text: str, where: object = "month", key: str = "month") -> int:
    """Return the number of a calendar month, ``12 * year + month - 1``, from ``YYYY-MM``.

    Raises:
        SamspelError: ``text`` is not a month of the form ``YYYY-MM``.
    """
    match = _MONTH.match(str(text))
    if match is None:
        raise input_error(where, key, text, "a month written YYYY-MM, for instance 2023-09")
    return 12 * int(match[1]) + int(match[2]) - 1


def month_text(number: int) -> str:
    """Return ``YYYY-MM`` for a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
