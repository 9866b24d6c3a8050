"""Which stages deals reached and when: columns of dates by stage, or a log of stage changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_metrics.mapping.cells.date_text import date_order, day_of
from crm_metrics.metrics.expressions import folded
from crm_metrics.metrics.ground import Engine, grains_of, ground

_ENTERED = re.compile(r"enter|date|дата|вход|переход|reached|переш")
_OTHER = re.compile(r"exit|left|выход|time in|duration|cumulative|длит|время|дней|days in")
_PREFIX = "reached_"
DEAL = "deal"
_LEAST = 2
_LEAST_DATED = 0.9


@dataclass(frozen=True, slots=True)
class Stamps:
    """The day on which each deal (a row) reached each stage (a column of `stages`), NaT if never.

    `dated` is False where only that a stage was reached is readable, not when (the day is then that
    of creation). `last` is the day on which it came to the stage for the last time.
    """

    days: NDArray[np.datetime64]
    stages: tuple[str, ...]
    dated: bool
    last: NDArray[np.datetime64]

    def of(self, rows: NDArray[np.bool_]) -> Stamps:
        """Those of some of the deals."""
        return replace(self, days=self.days[rows], last=self.last[rows])


@dataclass(frozen=True, slots=True)
class Source:
    """By stage, the column of deals that holds its days, or in a log the days of each deal.

    `log` has the first of them and `last` the last.
    """

    columns: dict[str, str] = field(default_factory=dict)
    log: dict[str, dict[str, str]] = field(default_factory=dict)
    last: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, frame: pd.DataFrame, names: Sequence[str]) -> Stamps | None:
        """The stamps of these deals; None where fewer than two stages have any."""
        created = np.array(frame["created"], dtype="datetime64[D]")
        stages, found, latest, dated = [], [], [], True
        own = {stage: frame[column] for stage, column in self.columns.items()}
        own |= {stage: frame[DEAL].map(days) for stage, days in self.log.items()}
        for stage, cells in own.items():
            filled = (cells.notna() & (cells.astype("string").str.strip() != "")).to_numpy(bool)
            if not filled.any():
                continue
            days = _days_of(cells)
            known = ~np.isnat(days) & filled
            if known.sum() < _LEAST_DATED * filled.sum():
                days, dated = np.where(filled, created, np.datetime64("NaT", "D")), False
            stages.append(next((name for name in names if _fold(name) == stage), stage))
            found.append(days)
            again = self.last.get(stage)
            last = _days_of(frame[DEAL].map(again)) if again else days
            latest.append(np.where(np.isnat(last), days, last))
        if len(stages) < _LEAST:
            return None
        return Stamps(np.column_stack(found), tuple(stages), dated, np.column_stack(latest))


def stamps(engine: Engine, table: ir.Table) -> tuple[Source | None, dict[str, ir.Value]]:
    """Where the history of deals stands, and the columns of their table to read it from.

    First come columns of the deals' own file whose header names a stage ("Date entered Trial"),
    then a log among the activities: its `object_id` is the deal and its `result` the stage.
    """
    stages = _stages(engine, table)
    found = _by_header(engine, table, stages)
    if len(found) >= _LEAST:
        columns = {f"{_PREFIX}{i}": table[column] for i, column in enumerate(found.values())}
        named = {stage: f"{_PREFIX}{i}" for i, stage in enumerate(found)}
        return Source(named), columns
    return _by_log(engine, table, stages)


def _stages(engine: Engine, table: ir.Table) -> tuple[str, ...]:
    """The names of stages, folded; those of more than a few letters alone name a column."""

    def found() -> tuple[str, ...]:
        names = table.select(own=folded(table.stage)).distinct().to_pyarrow()
        return tuple(sorted(name for name in names.column(0).to_pylist() if name and len(name) > 2))

    return engine.once("stages_of_deals", found)


def _by_header(engine: Engine, table: ir.Table, stages: Sequence[str]) -> dict[str, str]:
    headers = engine.dimensions("deals") if hasattr(engine, "dimensions") else {}
    found: dict[str, str] = {}
    for column, header in sorted(headers.items(), key=lambda pair: pair[1]):
        said = _fold(header)
        if column not in table.columns or _OTHER.search(said):
            continue
        # The longest: "negotiation" is in "negotiation review" too.
        named = max((one for one in stages if one in said), key=len, default=None)
        if named and named not in found and (_ENTERED.search(said) or said == named):
            found[named] = column
    return found


def _by_log(
    engine: Engine, table: ir.Table, stages: Sequence[str]
) -> tuple[Source | None, dict[str, ir.Value]]:
    if "activities" not in grains_of(engine) or not stages:
        return None, {}
    log, _ = ground(engine, "activities")
    rows = log.select(
        deal=folded(log.object_id), stage=folded(log.result), at=log.date.cast("string")
    )
    rows = rows.filter(rows.stage.isin(stages))
    ends = {"first": rows["at"].min(), "last": rows["at"].max()}
    lines = rows.group_by(["deal", "stage"]).aggregate(**ends).to_pyarrow().to_pylist()
    found: dict[str, dict[str, dict[str, str]]] = {"first": {}, "last": {}}
    for line in lines:
        for end, stages_of in found.items():
            if line["deal"]:
                stages_of.setdefault(line["stage"], {})[line["deal"]] = line[end] or ""
    if len(found["first"]) < _LEAST:
        return None, {}
    return Source(log=found["first"], last=found["last"]), {DEAL: folded(table.deal_id)}


def _days_of(cells: pd.Series) -> NDArray[np.datetime64]:
    """The days that cells name, in every form that files of dates are read in; NaT where none."""
    text = cells.astype("string").str.strip()
    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})(?!\d)", expand=False)
    days = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").to_numpy("datetime64[D]")
    others = text[np.isnat(days) & text.notna().to_numpy()]
    if others.empty:
        return days
    known = others.unique()
    order = date_order(known).likely
    named = {cell: day_of(cell, order) for cell in known}
    read = pd.to_datetime(others.map(named), errors="coerce")
    days[others.index.map(cells.index.get_loc)] = read.to_numpy("datetime64[D]")
    return days


def _fold(text: str) -> str:
    return " ".join(text.strip().lower().split())
