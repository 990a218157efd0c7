"""Declare the three tables of an experiment: what ran, what happened, and what a policy changed."""

from collections.abc import Mapping, Sequence

import dataframely as dy
import numpy as np
import polars as pl
from numpy.typing import NDArray

BASELINE = "baseline"
AREA = "area"
"""The municipality under which the sums over a case's municipalities are filed."""
GROUPS = ("all", "women", "men", "youth", "newcomer", "long_term", "other")
Columns = Mapping[tuple[str, str], NDArray[np.float64]]


class Runs(dy.Schema):
    """One row per run: a policy (or the baseline) under one scenario, parameter draw and replication."""

    run_id = dy.String(primary_key=True, description="Hash of model sources and resolved inputs")
    draw = dy.Int32(min=0, description="Parameter draw, one point of the calibrated uncertainty")
    replication = dy.Int32(min=0, description="Index of chance")
    scenario = dy.Categorical(description="What nobody here controls")
    policy = dy.Categorical(description="Policy name, or baseline")
    municipality = dy.Categorical(description="Municipality code")
    status = dy.Enum(["finished", "failed"], description="A failed run is retried on the next call")
    stage = dy.String(description="Where a failed run stopped; empty when finished")
    message = dy.String(description="Why it stopped; empty when finished")


class Series(dy.Schema):
    """One row per run, group, indicator and month: the value of the indicator in that month."""

    run_id = dy.Categorical(primary_key=True)
    draw = dy.Int32()
    replication = dy.Int32()
    scenario = dy.Categorical()
    policy = dy.Categorical()
    municipality = dy.Categorical(primary_key=True)
    group = dy.Enum(GROUPS, primary_key=True)
    indicator = dy.Categorical(primary_key=True)
    month = dy.Int16(primary_key=True, min=1, description="Month since the start, from 1")
    value = dy.Float64(description="Persons, households or kronor of that month")


class Effects(dy.Schema):
    """One row per policy run, group, indicator and month: policy minus baseline of the same pair."""

    run_id = dy.Categorical(primary_key=True)
    draw = dy.Int32()
    replication = dy.Int32()
    scenario = dy.Categorical()
    policy = dy.Categorical()
    municipality = dy.Categorical(primary_key=True)
    group = dy.Enum(GROUPS, primary_key=True)
    indicator = dy.Categorical(primary_key=True)
    month = dy.Int16(primary_key=True, min=1, description="Month since the start, from 1")
    difference = dy.Float64(
        description="Difference, or a count of person pairs for the kinds of the taxonomy"
    )


def long_frame(
    schema: type[Series] | type[Effects], runs: Sequence[tuple[Mapping[str, object], Columns]]
) -> pl.DataFrame:
    """Return the monthly columns of some runs as rows of ``schema``: labels on every row, months from 1.

    Raises:
        ValueError: A value is not a finite number.
        polars.exceptions.InvalidOperationError: A group is not one of `GROUPS`.
    """
    value = schema.column_names()[-1]
    keys = [(labels, columns, key) for labels, columns in runs for key in sorted(columns)]
    horizon = len(keys[0][1][keys[0][2]]) if keys else 0
    values = np.concatenate([columns[key] for _, columns, key in keys]) if keys else np.empty(0)
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise ValueError(f"{keys[first // horizon][2]} is not a finite number in month {first % horizon + 1}")
    rows = [
        {**labels, "indicator": indicator, "group": group, "month": 1, value: 0.0}
        for labels, _, (indicator, group) in keys
    ]
    month = pl.Series("month", np.tile(np.arange(1, horizon + 1, dtype=np.int16), len(keys)))
    return typed(schema, rows)[np.repeat(np.arange(len(keys)), horizon)].with_columns(
        month, pl.Series(value, values)
    )


def typed(schema: type[dy.Schema], rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return the rows as a frame with the columns and types of ``schema``."""
    types = pl.Schema({name: column.dtype for name, column in schema.columns().items()})
    return pl.DataFrame(rows, schema=types.names()).cast(types)


def check_tables(runs: pl.DataFrame, series: pl.DataFrame, effects: pl.DataFrame) -> None:
    """Check the tables against their schemas; long ones in their first month, which holds every key.

    Raises:
        dataframely.exc.ValidationError: A row breaks its schema.
    """
    Runs.validate(runs)
    Series.validate(series.filter(pl.col("month") == 1))
    Effects.validate(effects.filter(pl.col("month") == 1))
