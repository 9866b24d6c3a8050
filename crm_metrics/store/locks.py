"""Locks of folders, shared by all workspaces of this process that lie there."""

from __future__ import annotations

import threading
from pathlib import Path
from weakref import WeakValueDictionary

_locks: WeakValueDictionary[Path, threading.RLock] = WeakValueDictionary()
_finding_a_lock = threading.Lock()


def lock_of(path: Path) -> threading.RLock:
    """The lock of a path: the same for every workspace of this process that lies there."""
    with _finding_a_lock:
        return _locks.setdefault(path.resolve(), threading.RLock())
