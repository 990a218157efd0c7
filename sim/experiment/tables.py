"""Declare the three tables of an experiment: what ran, what happened, and what a policy changed."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

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
    frames = [_long(schema, labels, columns) for labels, columns in runs if columns]
    return pl.concat(frames, rechunk=False) if frames else typed(schema, [])


def _long(
    schema: type[Series] | type[Effects], labels: Mapping[str, object], columns: Columns
) -> pl.DataFrame:
    """Return one run's rows; only the values are made anew, its keys being those of every run."""
    names = tuple(sorted(columns))
    horizon = len(columns[names[0]])
    values = np.concatenate([columns[name] for name in names])
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise ValueError(f"{names[first // horizon]} is not a finite number in month {first % horizon + 1}")
    keys = _keys(schema, names, horizon)
    types = _types(schema)
    *given, last = types
    series = [
        pl.Series(name, [labels[name]], dtype=types[name]).new_from_index(0, keys.height)
        if name in labels
        else keys[name]
        for name in given
    ]
    return pl.DataFrame([*series, pl.Series(last, values)])


@lru_cache(maxsize=64)
def _keys(
    schema: type[Series] | type[Effects], names: tuple[tuple[str, str], ...], horizon: int
) -> pl.DataFrame:
    """Return group, indicator and month of a run's rows."""
    rows = typed(schema, [{"indicator": indicator, "group": group} for indicator, group in names])
    months = np.tile(np.arange(1, horizon + 1, dtype=np.int16), len(names))
    repeated = rows.select("group", "indicator")[np.repeat(np.arange(len(names)), horizon)]
    return repeated.with_columns(pl.Series("month", months))


def typed(schema: type[dy.Schema], rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return the rows as a frame with the columns and types of ``schema``."""
    types = _types(schema)
    return pl.DataFrame(rows, schema=types.names()).cast(types)


@cache
def _types(schema: type[dy.Schema]) -> pl.Schema:
    return pl.Schema({name: column.dtype for name, column in schema.columns().items()})


def check_tables(runs: pl.DataFrame, series: pl.DataFrame, effects: pl.DataFrame) -> None:
    """Check tables against their schemas; of the long ones, all made alike, one task is enough.

    Raises:
        dataframely.exc.ValidationError: A row breaks its schema.
    """
    Runs.validate(runs)
    Series.validate(series)
    Effects.validate(effects)
