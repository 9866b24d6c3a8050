"""What a piece of work takes, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way took: seconds by the clock and of processor, megabytes at the peak."""

    wall: float
    cpu: float
    peak: float

    def better_of(self, other: Cost | None) -> Cost:
        """The lesser times of two runs, and the higher peak."""
        if other is None:
            return self
        return Cost(
            min(self.wall, other.wall), min(self.cpu, other.cpu), max(self.peak, other.peak)
        )

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s  {self.cpu:6.2f} s of processor  {self.peak:5.0f} MB"


def in_own_process(module: str, arguments: Sequence[str]) -> tuple[Cost, Any]:
    """Run `module --way arguments` and take what its `report` printed: the cost and the answer."""
    found = subprocess.run(
        [sys.executable, "-m", module, "--way", *arguments],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    wall, cpu, peak, answer = json.loads(found.stdout)
    return Cost(wall, cpu, peak), answer


def report(work: Callable[[], object], *, modules: Iterable[str]) -> None:
    """Do the work with the modules imported, and print what it took and gave as JSON."""
    for module in modules:
        import_module(module)
    start, before = time.perf_counter(), _processor()
    answer = work()
    wall, cpu = time.perf_counter() - start, _processor() - before
    # Kilobytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([wall, cpu, peak, answer]))


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
