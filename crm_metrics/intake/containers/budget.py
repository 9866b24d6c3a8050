"""What one upload may unpack to, however its archives are nested."""

from __future__ import annotations

from crm_metrics.errors import LimitError
from crm_metrics.intake.limits import (
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MEGABYTE,
    RATIO_FLOOR_BYTES,
)
from crm_metrics.intake.progress import Progress, unheard


class Budget:
    """Counts the bytes and the files that were unpacked from one upload.

    `enough` is how much is wanted of each file, None for all of it; `progress` gives the caller
    a chance to end it, each time.
    """

    def __init__(
        self, shown: str, progress: Progress = unheard, *, enough: int | None = None
    ) -> None:
        self.enough = enough
        self._shown = shown
        self._progress = progress
        self._bytes = 0
        self._members = 0

    def spend(self, unpacked: int) -> None:
        """Count bytes on disk. Raises LimitError above the limit of all."""
        self._progress(0.0)
        self._bytes += unpacked
        if self._bytes > MAX_UNPACKED_BYTES:
            raise self.exceeded()

    def enter(self) -> None:
        """Count a file of an archive. Raises LimitError for too many."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise LimitError("too_many_members", file=self._shown, limit=MAX_MEMBERS)

    def check(self, unpacked: int, packed: int) -> None:
        """Refuse what unpacks to more than the limit, or to very many times its size."""
        heavy = unpacked > RATIO_FLOOR_BYTES and unpacked > MAX_RATIO * max(packed, 1)
        if heavy or unpacked > MAX_UNPACKED_BYTES:
            raise self.exceeded()

    def exceeded(self) -> LimitError:
        """The sentence about a bomb."""
        limit = MAX_UNPACKED_BYTES // MEGABYTE
        return LimitError("archive_bomb", file=self._shown, limit=limit)
