"""What a piece of work takes, each in a process of its own."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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


def compare(
    module: str,
    about: str | None,
    steps: Mapping[str, Sequence[str]],
    make: Callable[[Path, int], object],
    *,
    rows: int,
    runs: int,
) -> None:
    """Make the rows, run the ways of each step, hold their answers equal and print what they took.

    `about` is the script's description; `rows` and `runs` are as many as without its options.
    """
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--rows", type=int, default=rows)
    options.add_argument("--runs", type=int, default=runs)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp())
    make(folder, chosen.rows)
    for step, ways in steps.items():
        arguments = (str(chosen.rows), str(folder))
        best, answers = in_turn(module, step, ways, arguments, runs=chosen.runs)
        assert all(answer == answers[ways[0]] for answer in answers.values()), (step, answers)
        print_ratios(step, best)
    if chosen.folder is None:
        shutil.rmtree(folder)


def in_turn(
    module: str,
    step: str,
    ways: Sequence[str],
    arguments: Sequence[str],
    *,
    runs: int,
    first: Callable[[], object] | None = None,
) -> tuple[dict[str, Cost], dict[str, Any]]:
    """What each way of a step took at best, run in turn, and its answer; `first` before each."""
    best: dict[str, Cost] = {}
    answers: dict[str, Any] = {}
    for _ in range(runs):
        for way in ways:
            if first:
                first()
            cost, answers[way] = in_own_process(module, [f"{way}:{step}", *arguments])
            best[way] = cost.better_of(best.get(way))
    return best, answers


def print_ratios(step: str, best: Mapping[str, Cost]) -> None:
    """A line a way: what it took, and its processor time over that of each."""
    for way, cost in best.items():
        against = " ".join(f"{cost.cpu / other.cpu:6.2f} x {one}" for one, other in best.items())
        print(f"{step:7} {way:7} {cost}   of processor: {against}")


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
    print(json.dumps([wall, cpu, _peak(), answer]))


def _peak() -> float:
    """Megabytes that this process held at its peak.

    ru_maxrss would be at least what the process held that started this one, which made the rows.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
