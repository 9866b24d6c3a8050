"""What the files of a command have in common: counted as asked, and said on stderr."""

from __future__ import annotations

from typing import Any

import click

from crm_metrics.findings.together import names_of, overlap_texts, zone_texts
from crm_metrics.store import Engine, Engines, How, Workspace

OVERLAP = click.option(
    "--overlap",
    type=click.Choice(["once", "both"]),
    default=None,
    help="Count what files share once, or both times; where it is not given, as stderr says.",
)
_HOW: dict[str, How] = {"once": "once", "both": "both"}


def engine_of(workspace: Workspace, overlap: str | None, lang: str) -> Engine | Engines:
    """An engine over the files, what they share counted as asked and said on stderr."""
    settle_overlaps(workspace, overlap, lang)
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
