"""Ask the processor's memory for rows before a pass comes to them.

A pass visits one resident in eight, in no pattern that a processor could guess: it would wait for memory at
each. What is asked for ahead is there when it is needed. Results are the same without it.

Public names: `ask_ahead` and `ask`.
"""

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.core.compiled import rule

_AHEAD = 12
"""Rows between the one that is visited and the one that is asked for."""
_READ, _KEEP, _DATA = 0, 3, 1


@intrinsic
def _ask(_: Any, column: Any, row: Any) -> Any:
    """Return how to ask for a row of a column, which LLVM calls a prefetch."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, number = signature.args
        values = context.make_array(array)(context, builder, given[0])
        at = context.cast(builder, given[1], number, types.uintp)
        place = cgutils.get_item_pointer(  # type: ignore[no-untyped-call]
            context, builder, array, values, [at], wraparound=False
        )
        word, address = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [address, word, word, word])
        ask = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "llvm.prefetch.p0"
        )
        builder.call(ask, [builder.bitcast(place, address), word(_READ), word(_KEEP), word(_DATA)])
        return context.get_dummy_value()

    return types.void(column, row), generate


@rule
def ask(column: NDArray[np.generic], row: int) -> None:
    """Ask for the value in a column, and what stands with it, of a row that is visited soon."""
    _ask(column, row)  # type: ignore[call-arg]


@rule
def ask_ahead(column: NDArray[np.generic], rows: NDArray[np.uint32], k: int) -> None:
    """Ask for the value in a column, and what stands with it, of a row that is visited a little after
    ``rows[k]``."""
    ask(column, rows[min(k + _AHEAD, rows.size - 1)])
