"""Declare the three tables of an experiment: what ran, what happened, and what a policy changed."""

from collections.abc import Iterable, Mapping
from typing import Any

import dataframely as dy
import numpy as np
import polars as pl
from numpy.typing import NDArray

BASELINE = "baseline"
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
    municipality = dy.Categorical()
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
    municipality = dy.Categorical()
    group = dy.Enum(GROUPS, primary_key=True)
    indicator = dy.Categorical(primary_key=True)
    month = dy.Int16(primary_key=True, min=1, description="Month since the start, from 1")
    difference = dy.Float64(
        description="Difference, or a count of person pairs for the kinds of the taxonomy"
    )


def long_frame(
    schema: type[dy.Schema], labels: Mapping[str, object], columns: Columns, value: str
) -> pl.DataFrame:
    """Return monthly columns as rows of ``schema``: ``labels`` on every row, months from 1."""
    keys = sorted(columns)
    horizon = len(columns[keys[0]]) if keys else 0
    frame = pl.DataFrame(
        {
            "indicator": np.repeat([indicator for indicator, _ in keys], horizon),
            "group": np.repeat([group for _, group in keys], horizon),
            "month": np.tile(np.arange(1, horizon + 1), len(keys)),
            value: np.concatenate([columns[key] for key in keys]) if keys else np.empty(0),
        }
    )
    return typed(schema, frame.with_columns(pl.lit(label).alias(name) for name, label in labels.items()))


def typed(schema: type[dy.Schema], rows: pl.DataFrame | Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return the rows as a checked frame of ``schema``.

    Raises:
        dataframely.exc.ValidationError: A row breaks the schema.
    """
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows))
    checked: pl.DataFrame = schema.validate(frame.select(schema.column_names()), cast=True)
    return checked
