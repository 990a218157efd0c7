"""Give memory back to the system between large worlds.

Public name: `release`.
"""

import ctypes
from collections.abc import Callable
from functools import cache


def release() -> None:
    """Return freed memory to the system at once.

    The C library keeps what has been freed for the next request of the same size; two worlds of millions of
    residents one after the other would then take the memory of both. Where there is no such call (other
    systems than Linux with glibc) nothing happens, and more memory is held.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return None
    return found
