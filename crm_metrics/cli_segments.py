"""`--segment`: numbers of a segment's people alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_options import content_of
from crm_metrics.errors import InputError
from crm_metrics.findings.segments import chosen_by_text, doubt_texts, outside_texts, size_text
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.segments.keeping import segment_called, segments_in
from crm_metrics.metrics.segments.membership import size_of
from crm_metrics.metrics.segments.segment import Segment

SEGMENT = click.option(
    "--segment",
    "segment_from",
    metavar="FILE[:NAME]",
    help="Only rows of the people of a segment: a JSON or TOML file, and which one it holds.",
)


def segment_asked(option: str | None) -> Segment | None:
    """The segment that `--segment` names: a file, or a file and a name after a colon."""
    if option is None:
        return None
    if Path(option).is_file():
        return segment_in(Path(option), None)
    path, colon, name = option.rpartition(":")
    return segment_in(Path(path if colon else option), name if colon else None)


def segment_in(path: Path, name: str | None) -> Segment:
    """A segment of a file; raises what reading the file raises."""
    data = content_of(path, "cannot_open")
    return segment_called(name, segments_in(data, file=path.name), file=path.name)


def say_segment(engine: Engine, segment: Segment | None, lang: str) -> None:
    """Say on stderr how many people there are, and what is outside.

    Raises InputError("segment_no_people") where no row names anybody, "segment_elsewhere" where all
    rows stay in a data base.
    """
    if segment is None:
        return
    size = size_of(engine, segment)
    if not size.of:
        raise InputError("segment_elsewhere" if size.elsewhere else "segment_no_people")
    lines = (size_text(size, lang), *doubt_texts(segment, size, lang), *outside_texts(size, lang))
    for line in filter(None, (*lines, chosen_by_text(segment, lang))):
        click.echo(f"{segment.name}: {line}", err=True)


def segment_document(engine: Engine, segment: Segment | None) -> dict[str, Any]:
    """The segment's part of a JSON document; empty without one."""
    if segment is None:
        return {}
    size = size_of(engine, segment)
    return {"segment": {"name": segment.name, "people": size.people, "of": size.of}}
