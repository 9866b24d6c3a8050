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


def group_chats(engine: Engine) -> tuple[str, ...]:
    """Chats in which several people write who are not ours: the data set of each.

    () until the user said who is: of two strangers one may be ours. Each such chat is one
    conversation with all of them, so that a reply to one counts as one to whoever waits.
    """
    found: list[str] = []
    for part in parts_of(engine):
        if "events" not in part.grains or not part.authors.ours:
            continue
        rows = part.table("events")
        mapped = frozenset(part.mapped("events"))
        named = untold(rows, mapped)
        if named is None:
            continue
        own = [one.strip().lower() for one in (*part.authors.ours, *part.authors.bots)]
        others = rows.filter(named & ~folded(rows.author).isin(own))
        # A file holds one chat, or tells by an id which of many a message is of.
        apart = ["conversation_id"] if "conversation_id" in mapped else []
        counts = others.group_by(*apart, dataset=others["__dataset"].cast("string")).aggregate(
            people=folded(others.author).nunique()
        )
        found += [one["dataset"] for one in counts.to_pyarrow().to_pylist() if one["people"] > 1]
    return tuple(sorted(found))


def likely_ours(authors: Sequence[Author]) -> tuple[str, ...]:
    """Who wrote in several files, where others did not: a guess to begin with, never applied."""
    several = tuple(one.name for one in authors if one.files > 1)
    return several if len(several) < len(authors) else ()
