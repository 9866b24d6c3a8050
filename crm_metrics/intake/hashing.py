"""The content hash of a file, which names it wherever its own name says nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from crm_metrics.intake.limits import MEGABYTE


def content_hash(path: Path, *, given_up: Callable[[], bool] = lambda: False) -> str:
    """The sha256 of a file's bytes, in hexadecimal; without sense once it is given up."""
    known = hashlib.sha256()
    with path.open("rb") as file:
        while not given_up() and (chunk := file.read(MEGABYTE)):
            known.update(chunk)
    return known.hexdigest()


@contextmanager
def hashed(path: Path, *, known: str | None) -> Iterator[Callable[[], str]]:
    """The content hash, unless known computed beside other work and given up with it."""
    if known:
        yield lambda: known
        return
    given_up = threading.Event()
    with ThreadPoolExecutor(1) as hand:
        try:
            yield hand.submit(content_hash, path, given_up=given_up.is_set).result
        finally:
            given_up.set()
