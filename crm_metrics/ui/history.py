"""The steps of editing a mapping: what stands now, what was before, what was taken back."""

from __future__ import annotations

from dataclasses import dataclass

from crm_metrics.mapping.model import Mapping

_MOST = 200


@dataclass(frozen=True, slots=True)
class History:
    """A mapping under edit; `saved` is the one that the edits began from."""

    saved: Mapping
    now: Mapping
    past: tuple[Mapping, ...] = ()
    future: tuple[Mapping, ...] = ()

    def then(self, edited: Mapping) -> History:
        """After one more edit; what was taken back before it is gone."""
        if edited == self.now:
            return self
        return History(self.saved, edited, (*self.past, self.now)[-_MOST:])

    def undone(self) -> History:
        """One step back; the same where there is none."""
        if not self.past:
            return self
        return History(self.saved, self.past[-1], self.past[:-1], (self.now, *self.future))

    def redone(self) -> History:
        """The step last taken back, made again; the same where there is none."""
        if not self.future:
            return self
        return History(self.saved, self.future[0], (*self.past, self.now), self.future[1:])
