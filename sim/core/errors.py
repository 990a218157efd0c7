"""Errors that a user can act on: what was wrong, where, what is allowed, and the nearest known name."""

from collections.abc import Iterable
from difflib import get_close_matches


class SamspelError(Exception):
    """Something the user can mend; the command line prints the message alone and exits with code 2."""


def input_error(
    where: object,
    key: str,
    value: object,
    allowed: str,
    known: Iterable[str] = (),
) -> SamspelError:
    """Return the error for one bad value.

    Args:
        where: The file, table, command-line option or notebook cell that holds the value.
        key: The key inside it, written as the user would find it (``policy[0].lever``).
        value: What was found.
        allowed: What would have been right, in words.
        known: Names that exist; the nearest to ``value`` is suggested.
    """
    message = f"{where}: {key} = {value!r} is not allowed. Allowed: {allowed}."
    nearest = get_close_matches(str(value), [str(name) for name in known], n=1, cutoff=0.5)
    if nearest:
        message += f" Did you mean {nearest[0]!r}?"
    return SamspelError(message)
