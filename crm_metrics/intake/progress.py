"""How far a reading is, told to the caller, who may end it by raising."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")
Progress = Callable[[float], object]


class Stopped(BaseException):
    """The caller raised `why` when told how far the reading is; no `except` here may take it."""

    def __init__(self, why: BaseException) -> None:
        super().__init__(why)
        self.why = why


def unheard(done: float) -> None:
    """Nobody listens."""


def rising(progress: Progress | None) -> Progress:
    """Tells shares that never fall; what the caller raises passes through as Stopped."""
    if progress is None:
        return unheard
    most = 0.0

    def tell(done: float) -> None:
        nonlocal most
        most = max(most, min(done, 1.0))
        try:
            progress(most)
        except BaseException as why:
            raise Stopped(why) from why

    return tell


def each(items: Iterable[_Item], progress: Progress) -> Iterator[_Item]:
    """The items, each after a chance for the caller to end the reading."""
    for item in items:
        progress(0.0)
        yield item


def stretch(progress: Progress, start: float, end: float) -> Progress:
    """Tells the share of a part of the work, which runs from `start` to `end` of the whole."""
    return lambda done: progress(start + (end - start) * min(done, 1.0))
