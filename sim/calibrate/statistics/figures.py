"""Refuse figures from which nothing can be estimated: too few, without variation, or contradictory."""

import polars as pl

from sim.core.errors import SamspelError


def enough(n: int, minimum: int, what: str) -> None:
    """Check that there are enough observations.

    Raises:
        SamspelError: There are fewer than ``minimum``; both numbers are in the message.
    """
    if n < minimum:
        raise SamspelError(f"{what}: too few observations, {n}. Allowed: at least {minimum}.")


def varying(frame: pl.DataFrame, value: str, by: str, where: str) -> None:
    """Check that a column varies within each place, as an estimate of change needs.

    Raises:
        SamspelError: A place has the same value throughout; table, place and value are in the message.
    """
    constant = (
        frame.group_by(by)
        .agg(pl.col(value).n_unique().alias("different"), pl.col(value).first(), pl.len().alias("rows"))
        .filter(pl.col("different") == 1, pl.col("rows") > 1)
        .sort(by)
    )
    if constant.height:
        row = constant.row(0, named=True)
        raise SamspelError(
            f"{where}: {by} {row[by]} has {value} = {row[value]!r} in all {row['rows']} periods. "
            "Allowed: a series with variation; one without says nothing of season or trend."
        )


def once(frame: pl.DataFrame, keys: list[str], value: str, where: str) -> pl.DataFrame:
    """Return the figures with repeated rows dropped, after a check that no two contradict each other.

    Raises:
        SamspelError: The same statistic has two values; both are in the message.
    """
    distinct = frame.unique([*keys, value], maintain_order=True)
    twice = distinct.filter(pl.struct(keys).is_duplicated()).sort(*keys, value)
    if twice.height:
        first, second = twice.row(0, named=True), twice.row(1, named=True)
        place = ", ".join(f"{key} {first[key]}" for key in keys)
        raise SamspelError(
            f"{where}: {place} has two values of {value}, {first[value]!r} and {second[value]!r}. "
            "Allowed: one; find out which of the publications is right."
        )
    return distinct.unique(keys, maintain_order=True)
