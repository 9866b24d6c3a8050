"""The authors of chats whose files do not say who is a client and who is one of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_metrics.metrics.combining.dialogs import untold
from crm_metrics.metrics.expressions import folded
from crm_metrics.metrics.ground import Engine, parts_of


@dataclass(frozen=True, slots=True)
class Author:
    """A name as the files write it, how many messages it wrote and in how many files."""

    name: str
    messages: int
    files: int


def chat_authors(engine: Engine) -> tuple[Author, ...]:
    """Those of whom only the user can say who they are, who wrote in most files first.

    Names that differ in case or in spaces around are one; () where there are no such chats.
    """
    found: dict[str, Author] = {}
    for part in parts_of(engine):
        if "events" not in part.grains:
            continue
        rows = part.table("events")
        named = untold(rows, frozenset(part.mapped("events")))
        if named is None:
            continue
        rows = rows.filter(named)
        lines = rows.group_by(who=folded(rows.author)).aggregate(
            name=rows.author.max(), messages=rows.count(), files=rows["__dataset"].nunique()
        )
        for line in lines.to_pyarrow().to_pylist():
            before = found.get(line["who"], Author(line["name"], 0, 0))
            found[line["who"]] = Author(
                before.name, before.messages + line["messages"], before.files + line["files"]
            )
    return tuple(sorted(found.values(), key=lambda one: (-one.files, -one.messages, one.name)))


def likely_ours(authors: Sequence[Author]) -> tuple[str, ...]:
    """Who wrote in several files, where others did not: a guess to begin with, never applied."""
    several = tuple(one.name for one in authors if one.files > 1)
    return several if len(several) < len(authors) else ()
