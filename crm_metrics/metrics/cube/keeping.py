"""Where cubes come from: memory, a file beside the workspace, or the facts."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock, Thread

import duckdb
import pyarrow as pa
from ibis.common.exceptions import IbisError

from crm_metrics.errors import CrmMetricsError, NotFoundError
from crm_metrics.metrics.cube.cutting import Cut, Question, cut_of
from crm_metrics.metrics.cube.files import read, write
from crm_metrics.metrics.cube.making import made
from crm_metrics.metrics.cube.model import Cube
from crm_metrics.metrics.ground import Engine, ground, mapped_of, rows_of
from crm_metrics.metrics.kept_files import place
from crm_metrics.metrics.model import Filters, Limits, Metric
from crm_metrics.metrics.per_row import reads_limits
from crm_metrics.schema import fields_of, kind_of

AT_ONCE = 1_000_000
"""Facts of which a cube is made before the question is answered; of more, beside it."""

_WAIT, _MOST_WAITS = 0.05, 100
_IN_MEMORY = 4  # for each grain: one for each of the latest limits
_OF_TIME = frozenset({"weekday", "hour"})  # groups that no column has; a cube has no hours
_FAILED = (duckdb.Error, IbisError, pa.ArrowException, OSError, CrmMetricsError)


@dataclass
class _Held:
    """An engine's cubes of a grain by file, None where none is worth it; and how often it asked."""

    cubes: dict[Path, Cube | None] = field(default_factory=dict)
    asked: int = 0
    lock: Lock = field(default_factory=Lock)

    def put(self, path: Path, cube: Cube | None) -> None:
        """Keep one more; of other limits the latest."""
        self.cubes[path] = cube
        while len(self.cubes) > _IN_MEMORY:
            self.cubes.pop(next(iter(self.cubes)))


_running: dict[Path, Thread] = {}
_at_work: dict[Path, Engine] = {}
_tried: set[Path] = set()
_lock = Lock()


def cut(
    engine: Engine,
    metrics: Sequence[Metric],
    by: Sequence[str],
    each: Sequence[Filters],
    limits: Limits,
) -> Cut | None:
    """The cube of a grain cut as asked; None where there is none, or where it can't tell.

    `metrics` are all of the grain that can be computed, whichever are asked for.
    """
    # A cube has no people: whose rows count, the facts tell.
    if engine.cache is None or not metrics or any(filters.segment for filters in each):
        return None
    try:
        cube = _cube(engine, metrics, limits)
    except OSError:  # the facts' files are gone
        return None
    if cube is None:
        return None
    grain = metrics[0].grain
    known = mapped_of(engine, grain)

    def column(name: str) -> str | None:
        try:
            own = engine.dimension(grain, name)
        except NotFoundError:
            own = name
        if name in _OF_TIME or own not in cube.dimensions:
            return "" if own not in known and own in _texts(grain) else None
        return own

    return cut_of(cube, Question(tuple(by), tuple(each), column), metrics)


def settled() -> None:
    """Wait until no cube is being made any more."""
    with _lock:
        running = list(_running.values())
    for thread in running:
        thread.join()


@atexit.register
def broken_off() -> None:
    """Break off the cubes that are being made: a process must not end under a query."""
    for _ in range(_MOST_WAITS):
        with _lock:
            threads, engines = list(_running.values()), list(_at_work.values())
        for one in engines:
            with suppress(duckdb.Error):  # it has just ended by itself
                one.stop()
        for thread in threads:
            thread.join(_WAIT)


def _cube(engine: Engine, metrics: Sequence[Metric], limits: Limits) -> Cube | None:
    grain = metrics[0].grain
    if limits != Limits() and not _reads_limits(engine, metrics):
        limits = Limits()
    path = place(engine, f"{grain}\0{limits!r}", ".parquet")
    assert path is not None
    held = engine.once(f"cubes_{grain}", _Held)
    with held.lock:
        held.asked += 1
        if path not in held.cubes:
            cube = read(path)
            if cube is None and rows_of(engine, grain) > AT_ONCE:
                if held.asked > 1:
                    _begin(engine, grain, metrics, limits, path)
                return None
            held.put(path, cube or _made(engine, grain, metrics, limits, path))
        return held.cubes[path]


def _reads_limits(engine: Engine, metrics: Sequence[Metric]) -> bool:
    grain = metrics[0].grain
    return engine.once(
        f"reads_limits_{grain}", lambda: reads_limits(ground(engine, grain)[0], metrics)
    )


def _made(
    engine: Engine, grain: str, metrics: Sequence[Metric], limits: Limits, path: Path
) -> Cube | None:
    """A new cube, kept in its file where that can be written; None where none can be made."""
    try:
        cube = made(engine, grain, metrics, limits)
    except _FAILED:  # for want of memory, say: the facts answer as well
        return None
    if cube is not None:
        write(path, cube)
    return cube


def _begin(
    engine: Engine, grain: str, metrics: Sequence[Metric], limits: Limits, path: Path
) -> None:
    """Make a cube in a thread, over an engine of its own; each is tried once."""

    def work() -> None:
        try:
            with engine.again() as own:
                _at_work[path] = own
                _made(own, grain, metrics, limits, path)
        except _FAILED:  # a data set that was removed meanwhile
            pass
        finally:
            with _lock:
                _at_work.pop(path, None)
                _running.pop(path, None)

    with _lock:
        if path not in _tried:
            _tried.add(path)
            _running[path] = Thread(target=work, name=f"cube of {grain}", daemon=True)
            _running[path].start()


@cache
def _texts(grain: str) -> frozenset[str]:
    """The fields of a grain that are words, and so null where no file has them."""
    words = ("text", "id", "category")
    return frozenset(name for name in fields_of(grain) if kind_of(name, grain) in words)
