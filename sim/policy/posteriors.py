"""Named posteriors: draws of uncertain parameters that an estimate of a reform has re-weighted.

``params/posteriors/<name>.parquet`` holds one row per draw: ``point`` (the national point that the draw took,
see `sim.policy.estimates`), ``weight``, and the value of every parameter that is not a municipality's own.
``<name>.yaml`` says in words and numbers where it comes from. Nothing is overwritten: a name is used once.

Public names: `Posterior`, `load_posterior`, `save_posterior`, `posterior_names`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import yaml

from sim.core.errors import SamspelError, input_error
from sim.core.files import write_text, write_whole
from sim.core.paths import root
from sim.policy.documents import read_document
from sim.policy.estimates import MUNICIPAL, POINTS

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_KEYS: Final = ("point", "weight")


@dataclass(frozen=True)
class Posterior:
    """Weighted draws.

    Attributes:
        name: Its name.
        table: ``point``, ``weight``, and a column for each parameter.
        document: Where it comes from.
    """

    name: str
    table: pl.DataFrame
    document: Mapping[str, Any]

    def draws(self, count: int, seed: int) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield ``count`` draws, as often as their weights say: the point and the parameters of each.

        Systematic resampling in an order that the seed decides, so that a longer list is another sample and
        every draw comes up its weight times ``count``, rounded up or down.
        """
        rng = np.random.default_rng(seed)
        weights = self.table["weight"].to_numpy()
        places = (rng.random() + np.arange(count)) / count
        chosen = np.searchsorted(np.cumsum(weights / weights.sum()), places).clip(max=len(weights) - 1)
        rows = self.table.drop("weight").to_dicts()
        for index in rng.permutation(chosen).tolist():
            row = rows[index]
            yield int(row["point"]), {name: value for name, value in row.items() if name != "point"}


def posterior_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all posteriors."""
    return tuple(sorted(path.stem for path in _folder(folder).glob("*.yaml")))


def load_posterior(name: str, folder: Path | None = None) -> Posterior:
    """Return a posterior by its name.

    Raises:
        SamspelError: There is none, or a file is damaged.
    """
    known = posterior_names(folder)
    if name not in known:
        allowed = "one of " + ", ".join(known) if known else "none yet; samspel update makes one"
        raise input_error("posterior", "name", name, allowed, known)
    path = _folder(folder) / f"{name}.yaml"
    table = path.with_suffix(".parquet")
    if not table.exists():
        raise SamspelError(f"{table}: is missing beside its other half. Allowed: both files.")
    return _read(name, path, table, path.stat().st_mtime_ns, table.stat().st_mtime_ns)


def save_posterior(posterior: Posterior, folder: Path | None = None) -> Path:
    """Write a posterior under a new name, and return the path of its description.

    Raises:
        SamspelError: The name is taken or not a name, or the folder cannot be written.
    """
    if not _NAME.fullmatch(posterior.name):
        raise input_error("update", "--save", posterior.name, "1-40 small letters a-z, digits, - and _")
    path = _folder(folder) / f"{posterior.name}.yaml"
    if path.exists() or path.with_suffix(".parquet").exists():
        raise SamspelError(f"{path}: exists, and no posterior is overwritten. Allowed: another name.")
    write_whole(path.with_suffix(".parquet"), lambda temporary: posterior.table.write_parquet(temporary))
    return write_text(path, yaml.safe_dump(dict(posterior.document), sort_keys=False, allow_unicode=True))


def _folder(folder: Path | None) -> Path:
    return root() / "params" / "posteriors" if folder is None else folder


@cache
def _read(name: str, path: Path, table: Path, *changed: int) -> Posterior:
    document = read_document(path)
    if not isinstance(document, dict):
        raise input_error(path, "file", document, "what samspel update wrote")
    try:
        rows = pl.read_parquet(table)
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).splitlines()[0]
        raise SamspelError(f"{table}: is not a Parquet file that can be read ({first}).") from error
    for key in _KEYS:
        if key not in rows.columns:
            raise input_error(table, "columns", ", ".join(rows.columns), f"a column {key}")
    own = [column for column in rows.columns if column in MUNICIPAL]
    if own:
        raise input_error(table, "columns", own[0], "parameters that are not a municipality's own")
    values = rows.select(pl.exclude("point")).to_numpy()
    if not rows.height or not np.isfinite(values).all() or not (rows["weight"] >= 0).all():
        raise input_error(table, "values", "not all finite", "finite numbers, weights of at least zero")
    if not rows["point"].is_between(0, POINTS - 1).all():
        raise input_error(table, "point", rows["point"].max(), f"0 to {POINTS - 1}")
    return Posterior(name, rows, document)
