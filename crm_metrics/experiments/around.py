"""What rows say beside the sums: caps, scores, times, segments, and who opened and clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from crm_metrics.experiments.beside import (
    Beside,
    Counts,
    DayArms,
    LogRank,
    Segment,
    Span,
    Waits,
)
from crm_metrics.experiments.model import Arm
from crm_metrics.experiments.question import Asked, Question, Source
from crm_metrics.experiments.success import Success, success_sql
from crm_metrics.experiments.sums import PEOPLE, Extra, Row, arm_of, filled_sql, sums
from crm_metrics.experiments.waits import gathered, log_ranks
from crm_metrics.facts.connection import literal

CAP = 0.99
MOST_SCORES = 11
"""A scale has at most so many values (0 to 10)."""
MOST_VALUES = 12
"""The values of a segment's column that stand alone; the rest is one."""
QUICK_SECONDS = 5
MOST_DAYS = 400
_TIMES = (
    "delivered_at",
    "opened_at",
    "clicked_at",
    "replied_at",
    "converted_at",
    "unsubscribed_at",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to read beside the sums; columns that nobody named are found by their fields."""

    source: Source
    question: Question
    segments: tuple[str, ...] = ()
    sent: str | None = None
    cap: bool = False

    def last_time(self) -> datetime | None:
        """The last time that the rows hold of anything but the sending itself; None without one."""
        columns = [i for name in _TIMES if (i := self._place(name)) is not None]
        if self.question.answered is not None:
            columns.append(self.source.column(self.question.answered))
        if not columns:
            return None
        latest = ", ".join(f"max({self.source.time(column)})" for column in columns)
        row = self.source.connection.table("source").aggregate(latest).fetchall()[0]
        return max((time for time in row if time is not None), default=None)

    def extras(self) -> list[Extra]:
        """The columns that a person's row must have besides."""
        found = [Extra(f"segment{i}", self._cell(name)) for i, name in enumerate(self.segments)]
        sent = self._sent()
        if sent is not None:
            found.append(Extra("sent", self.source.time(sent)))
        if self.question.answered is not None:
            answered = self.source.column(self.question.answered)
            found.append(Extra("answered", self.source.time(answered)))
        if None not in (self._place("opened"), self._place("clicked")):
            found += [Extra(name, self._yes(name), "max") for name in ("opened", "clicked")]
        elif self.question.trials is not None and (counted := self._counted()):
            opens, clicks = (self.source.amount(header) for header in counted)
            found += [Extra("opened", opens, "sum"), Extra("clicked", clicks, "sum")]
        delivered, clicked = self._place("delivered_at"), self._place("clicked_at")
        if delivered is not None and clicked is not None:
            gap = f"{self.source.time(clicked)} - {self.source.time(delivered)}"
            found.append(Extra("gap", f"epoch({gap})"))
        return found

    def read(
        self, asked: Sequence[Asked], keys: list[str], arms: tuple[Arm, ...], end: datetime | None
    ) -> Beside:
        """Everything beside the sums; `keys` are the arms' folded names in their order."""
        names = {extra.name for extra in self.extras()}
        first = asked[0]
        rows = first.shape == "mean" and not first.totals
        timed = end if "answered" in names and "sent" in names else None
        waits, exact = self._waits(keys, arms, timed)
        scores = self._scores(keys) if rows else ()
        capped, cap = self._capped(first, keys, arms) if rows and self.cap else ((), None)
        return Beside(
            capped=capped,
            cap=cap,
            largest=self._largest(keys) if rows else (),
            scores=scores,
            answered=self._answered(keys, arms) if scores else (),
            waits=waits,
            log_ranks=exact,
            segments=tuple(self._segments(first, keys, arms)),
            spans=self._spans(keys) if "sent" in names else (),
            read_at=end,
            funnel=self._funnels(keys) if "opened" in names else (),
            quick=self._quick(keys, arms) if "gap" in names else (),
            days=self._days(first, keys, arms) if "sent" in names and not first.totals else (),
        )

    def _place(self, name: str) -> int | None:
        return next((i for i, own in self.source.fields.items() if own == name), None)

    def _sent(self) -> int | None:
        named = self.sent or self.question.sent
        return self._place("sent_at") if named is None else self.source.column(named)

    def _counted(self) -> tuple[str, str] | None:
        """The columns of people who opened and who clicked, where rows are totals."""
        places = [self._place(name) for name in ("opens_unique", "clicks_unique")]
        if None in places:
            return None
        opens, clicks = (self.source.table.headers[place or 0] for place in places)
        return opens, clicks

    def _cell(self, name: str) -> str:
        column = self.source.column(name)
        return filled_sql(column, list(self.source.shapes(column).values()))

    def _yes(self, name: str) -> str:
        column = self._place(name)
        assert column is not None
        header = self.source.table.headers[column]
        return success_sql(Success(column, "filled"), header, self.source.shapes(column))

    def _grouped(self, keys: list[str], parts: str, where: str = "true") -> list[tuple[Any, ...]]:
        """One row of aggregates for every arm, in their order."""
        used = self.source.connection.table(PEOPLE).filter(f"state = 'used' AND {where}")
        found = {row[0]: row[1:] for row in used.aggregate(f"key, {parts}", "key").fetchall()}
        return [found.get(key, (None,) * (parts.count(" AS ") or 1)) for key in keys]

    def _capped(
        self, first: Asked, keys: list[str], arms: tuple[Arm, ...]
    ) -> tuple[tuple[Arm, ...], float | None]:
        used = self.source.connection.table(PEOPLE).filter("state = 'used' AND y0 IS NOT NULL")
        cap = used.aggregate(f"quantile_cont(y0, {CAP})").fetchall()[0][0]
        if cap is None or cap <= 0:
            # So few have an amount at all that it would cut every one of them down to nothing.
            return (), None
        found = {
            row["key"]: row
            for row in sums(
                self.source.connection,
                [first],
                by="key",
                where="state = 'used'",
                y=f"least(y{{i}}, {float(cap)!r})",
            )
        }
        plain = replace(first, covariate=False)
        return tuple(
            arm_of(0, plain, found[key], arm.name) for arm, key in zip(arms, keys, strict=True)
        ), float(cap)

    def _largest(self, keys: list[str]) -> tuple[float | None, ...]:
        rows = self._grouped(keys, "max(abs(y0)) / nullif(sum(abs(y0)), 0) AS share")
        return tuple(None if share is None else float(share) for (share,) in rows)

    def _scores(self, keys: list[str]) -> tuple[Counts, ...]:
        """Counts of each value, where the amounts are a scale of few whole numbers."""
        used = self.source.connection.table(PEOPLE).filter("state = 'used' AND y0 IS NOT NULL")
        few = used.aggregate("approx_count_distinct(y0) AS d, bool_and(y0 = floor(y0)) AS whole")
        distinct, whole = few.fetchall()[0]
        if not whole or distinct > 2 * MOST_SCORES or distinct < 3:
            return ()
        rows = used.aggregate("key, y0, count(*) AS n", "key, y0").order("key, y0").fetchall()
        if len({value for _, value, _ in rows}) > MOST_SCORES:
            return ()
        return tuple(
            tuple((float(value), int(n)) for own, value, n in rows if own == key) for key in keys
        )

    def _answered(self, keys: list[str], arms: tuple[Arm, ...]) -> tuple[Arm, ...]:
        """Who gave a score at all, of everybody in the arm; empty where everybody did."""
        rows = self._grouped(keys, "count(*) AS n, count(y0) AS answered")
        if all(n == answered for n, answered in rows):
            return ()
        return tuple(
            Arm(arm.name, int(n), int(answered))
            for arm, (n, answered) in zip(arms, rows, strict=True)
        )

    def _waits(
        self, keys: list[str], arms: tuple[Arm, ...], end: datetime | None
    ) -> tuple[tuple[Waits, ...], tuple[LogRank, ...]]:
        if end is None:
            return (), ()
        known = self.source.connection.table(PEOPLE).filter(
            "state = 'used' AND sent IS NOT NULL AND (answered IS NULL OR answered >= sent)"
        )
        last = f"TIMESTAMP '{end.isoformat(sep=' ')}'"
        cases = " ".join(f"WHEN {literal(key)} THEN {i}" for i, key in enumerate(keys))
        place = f"CASE key {cases} ELSE -1 END"
        seconds = f"epoch(coalesce(answered, {last}) - sent) AS seconds"
        rows = (
            known.project(f"{place} AS place, {seconds}, answered IS NOT NULL AS ended")
            .filter("seconds >= 0")
            .aggregate(
                "place, seconds, count(*) FILTER (ended) AS ended,"
                " count(*) FILTER (NOT ended) AS running",
                "place, seconds",
            )
            .order("place, seconds")
            .fetchnumpy()
        )
        named = [arm.name for arm in arms]
        columns = (
            np.asarray(rows["place"], dtype=np.int64),
            np.asarray(rows["seconds"], dtype=float),
            *(np.asarray(rows[part], dtype=np.int64) for part in ("ended", "running")),
        )
        return gathered(named, *columns), log_ranks(named, *columns)

    def _segments(self, first: Asked, keys: list[str], arms: tuple[Arm, ...]) -> list[Segment]:
        found = []
        for i, name in enumerate(self.segments):
            header = self.source.header(name)
            used = self.source.connection.table(PEOPLE).filter("state = 'used' AND y0 IS NOT NULL")
            sizes = used.aggregate(f"segment{i} AS cell, count(*) AS n", f"segment{i}")
            named = sizes.filter("cell IS NOT NULL").order("n DESC, cell").fetchall()
            kept = [cell for cell, _ in named[:MOST_VALUES]]
            listed = ", ".join(literal(cell) for cell in kept) or "NULL"
            cell = f"CASE WHEN segment{i} IN ({listed}) THEN segment{i} ELSE '' END"
            parts = self._parts(cell, first, keys, arms)
            found += [
                Segment(header, value, parts[value])
                for value in [*kept, ""]
                if value in parts and any(arm.n for arm in parts[value])
            ]
        return found

    def _spans(self, keys: list[str]) -> tuple[Span | None, ...]:
        rows = self._grouped(keys, "min(sent) AS a, quantile_disc(sent, 0.5) AS b, max(sent) AS c")
        return tuple(None if None in row else Span(*row) for row in rows)

    def _days(self, first: Asked, keys: list[str], arms: tuple[Arm, ...]) -> tuple[DayArms, ...]:
        """The sums of each day of sending; a log of many years is no test, and has none."""
        days = self._parts("CAST(sent AS DATE)", first, keys, arms)
        if len(days) > MOST_DAYS:
            return ()
        return tuple(DayArms(day, own) for day, own in days.items())

    def _parts(
        self, part: str, first: Asked, keys: list[str], arms: tuple[Arm, ...]
    ) -> dict[Any, tuple[Arm, ...]]:
        """The arms' sums within each value of the SQL `part` of a person, values ascending."""
        connection = self.source.connection
        parted = connection.table(PEOPLE).project(f"*, {part} AS part")
        parted.filter("part IS NOT NULL").create_view("parted")
        rows: dict[Any, dict[object, Row]] = {}
        for row in sums(
            connection, [first], by="part, key", where="state = 'used'", table="parted"
        ):
            rows.setdefault(row["part"], {})[row["key"]] = row
        return {
            value: tuple(
                arm_of(0, first, found.get(key), arm.name)
                for key, arm in zip(keys, arms, strict=True)
            )
            for value, found in rows.items()
        }

    def _funnels(self, keys: list[str]) -> tuple[tuple[int, int], ...]:
        rows = self._grouped(keys, "sum(opened) AS o, sum(clicked) AS c")
        return tuple((int(o or 0), int(c or 0)) for o, c in rows)

    def _quick(self, keys: list[str], arms: tuple[Arm, ...]) -> tuple[Arm, ...]:
        rows = self._grouped(
            keys, f"count(gap) AS n, count(*) FILTER (gap BETWEEN 0 AND {QUICK_SECONDS}) AS q"
        )
        return tuple(
            Arm(arm.name, int(n or 0), int(q or 0)) for arm, (n, q) in zip(arms, rows, strict=True)
        )
