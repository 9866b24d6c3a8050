"""Who of the authors of chats is one of ours: no file of a messenger says it, so the user does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Authors:
    """The names of our people and of bots, as the files write them; everybody else is a client.

    While `ours` is empty nothing is told, and nobody is anything.
    """

    ours: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
