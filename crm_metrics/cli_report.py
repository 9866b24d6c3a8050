"""`report`: the findings as a workbook or a table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from crm_metrics.cli_files import loaded
from crm_metrics.cli_limits import in_zone_of, limit_options
from crm_metrics.cli_options import (
    FILES,
    FROM,
    LANG,
    TO,
    content_of,
    language,
    period,
    written,
)
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_segments import SEGMENT, say_segment, segment_asked
from crm_metrics.cli_together import BOTS, OURS, OVERLAP, engine_of
from crm_metrics.errors import UsageError
from crm_metrics.findings import build_report, csv_bytes
from crm_metrics.findings.verdict_file import recheck
from crm_metrics.findings.workbook import workbook
from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.store import Authors
from crm_metrics.texts import t

_WRITERS = {".xlsx": workbook, ".csv": csv_bytes}


@click.command()
@FILES
@reading_options
@click.option("--out", type=click.Path(path_type=Path), required=True)
@FROM
@TO
@limit_options
@OURS
@BOTS
@OVERLAP
@SEGMENT
@click.option(
    "--finding",
    "findings",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A test to put beside: what `abtest --finding` or the Experiments page has made.",
)
@LANG
def report(
    files: tuple[Path, ...],
    reading: Reading,
    out: Path,
    start: datetime | None,
    end: datetime | None,
    limits: Limits,
    ours: tuple[str, ...],
    bots: tuple[str, ...],
    overlap: str | None,
    segment_from: str | None,
    findings: tuple[Path, ...],
    lang: str | None,
) -> None:
    """Write the findings as a workbook (.xlsx) or a table (.csv)."""
    lang = language(lang)
    filters = Filters(*period(start, end), segment=segment_asked(segment_from))
    write = _WRITERS.get(out.suffix.lower())
    if write is None:
        raise UsageError("report_format", format=out.suffix or out.name)
    if findings and write is not workbook:
        raise UsageError("finding_needs_book")
    trials = [recheck(content_of(file)) for file in findings]
    with (
        loaded(files, reading) as workspace,
        engine_of(workspace, overlap, lang, Authors(ours, bots)) as engine,
    ):
        say_segment(engine, filters.segment, lang)
        limits = in_zone_of(workspace, limits)
        found = build_report(
            workspace, filters=filters, limits=limits, lang=lang, engine=engine, trials=trials
        )
        data = write(found)
    written(out, data)
    click.echo(t("cli.written", lang, file=out.name))
