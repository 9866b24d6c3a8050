"""What the files of a command have in common: counted as asked, and said on stderr."""

from __future__ import annotations

from typing import Any

import click

from crm_metrics.errors import NotFoundError
from crm_metrics.findings.together import names_of, overlap_texts, zone_texts
from crm_metrics.metrics.chat_authors import chat_authors
from crm_metrics.store import Authors, Engine, Engines, How, Workspace
from crm_metrics.texts import t

OVERLAP = click.option(
    "--overlap",
    type=click.Choice(["once", "both"]),
    default=None,
    help="Count what files share once, or both times; where it is not given, as stderr says.",
)
OURS = click.option(
    "--ours", multiple=True, metavar="NAME", help="Who of the authors of chats is one of yours."
)
BOTS = click.option("--bot", "bots", multiple=True, metavar="NAME", help="Which of them is a bot.")
_SHOWN = 8
_HOW: dict[str, How] = {"once": "once", "both": "both"}


def engine_of(
    workspace: Workspace, overlap: str | None, lang: str, authors: Authors | None = None
) -> Engine | Engines:
    """An engine over the files, what they share counted as asked and said on stderr.

    `authors` of chats are who they say; where there are chats and they say nothing, the names are
    told on stderr. Raises NotFoundError("no_such_author") for a name that nobody has.
    """
    settle_overlaps(workspace, overlap, lang)
    if authors is None:
        return workspace.engine()
    with workspace.engine() as engine:
        found = chat_authors(engine)
    known = {one.name.casefold() for one in found}
    for name in (*authors.ours, *authors.bots):
        if name.strip().casefold() not in known:
            shown = ", ".join(one.name for one in found[:_SHOWN]) or "—"
            raise NotFoundError("no_such_author", author=name, authors=shown)
    if found and not authors.ours:
        shown = ", ".join(f"{one.name} ({one.messages})" for one in found[:_SHOWN])
        click.echo(t("cli.authors_untold", lang, authors=shown), err=True)
    workspace.together.set_authors(authors)
    return workspace.engine()


def settle_overlaps(workspace: Workspace, overlap: str | None, lang: str) -> None:
    """Count what the files share as asked; say on stderr how each pair is counted.

    Where their times stand in different zones, that is said too.
    """
    for found in workspace.together.overlaps():
        how = _HOW.get(overlap or "")
        if how in found.options:
            workspace.together.settle(found, how)
    together, datasets = workspace.together, workspace.datasets()
    shared = overlap_texts(datasets, together.overlaps(), lang)
    for said in (*shared, *zone_texts(datasets, together.times(), lang)):
        click.echo(said, err=True)


def overlaps_document(workspace: Workspace) -> list[dict[str, Any]]:
    """Each pair of files that share something, with the counts and how it is counted."""
    names = names_of(workspace.datasets())
    return [
        {
            "grain": found.grain,
            "kind": found.kind,
            "first": names[found.first],
            "second": names[found.second],
            "key": [names.get(name, name) for name in (*found.key, *found.beside)],
            "same": found.same,
            "changed": found.changed,
            "only_first": found.only_first,
            "only_second": found.only_second,
            "period": [day.isoformat() for day in found.period or ()],
            "totals": [
                {"field": total.field, "first": total.first, "second": total.second}
                for total in found.totals
            ],
            "agrees": found.agrees if found.totals else None,
            "doubt": found.doubt,
            "counted": found.how,
        }
        for found in workspace.together.overlaps()
    ]
