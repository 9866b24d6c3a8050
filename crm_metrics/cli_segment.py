"""`segment`: how many people meet rules, and the list of them; `--segment` of other commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_files import loaded
from crm_metrics.cli_options import FILES, JSON, LANG, language, print_json
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_segments import segment_in
from crm_metrics.errors import InputError
from crm_metrics.findings.people_list import people_csv
from crm_metrics.findings.segments import (
    after_text,
    counted_back,
    doubt_texts,
    outside_texts,
    rule_text,
    size_text,
)
from crm_metrics.metrics.segments.membership import Size, size_of
from crm_metrics.metrics.segments.segment import Segment
from crm_metrics.store.records import to_plain


@click.command()
@FILES
@reading_options
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    required=True,
    help="A JSON or TOML file of segments, as the app keeps them.",
)
@click.option("--name", help="Which segment of the file, where there are several.")
@click.option("--out", type=click.Path(path_type=Path), help="A CSV file for the list of people.")
@click.option("--unmasked", is_flag=True, help="E-mails, phones and names in full in the list.")
@LANG
@JSON
def segment(
    files: tuple[Path, ...],
    reading: Reading,
    rules: Path,
    name: str | None,
    out: Path | None,
    lang: str | None,
    *,
    unmasked: bool,
    as_json: bool,
) -> None:
    """Who meets rules: how many people after each of them, and their list."""
    lang = language(lang)
    asked = segment_in(rules, name)
    with loaded(files, reading) as workspace, workspace.engine() as engine:
        size = size_of(engine, asked)
        if not size.of:
            raise InputError("segment_no_people")
        if out is not None:
            try:
                with out.open("wb") as file:
                    file.writelines(people_csv(engine, asked, lang, masked=not unmasked))
            except OSError as error:
                raise InputError("cannot_write", file=out.name) from error
    if as_json:
        print_json(document(asked, size))
        return
    click.echo(f"{asked.name}: {size_text(size, lang)}")
    for place, rule in enumerate(asked.rules):
        click.echo(f"  {rule_text(rule, lang)}: {after_text(size, place, asked.match, lang)}")
    said = (*doubt_texts(asked, size, lang), *outside_texts(size, lang))
    for line in filter(None, (*said, counted_back(asked, size, lang))):
        click.echo(line)


def document(asked: Segment, size: Size) -> dict[str, Any]:
    """A segment with its size, rule by rule."""
    unmet = dict(size.unmet)
    return {
        "segment": asked.name,
        "match": asked.match,
        "people": size.people,
        "of": size.of,
        "rules": [
            {
                **to_plain(rule),
                "after": size.after[place],
                "alone": size.alone[place],
                "unmet": unmet.get(place),
            }
            for place, rule in enumerate(asked.rules)
        ],
        "rows_without_person": size.nameless,
        "outside": size.silent,
        "counted_back_from": {grain: day.isoformat() for grain, day in size.ends},
    }
