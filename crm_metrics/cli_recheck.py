"""`recheck`: make the verdict of a kept finding again, and say whether it is the same."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crm_metrics.cli_options import FILE, JSON, LANG, content_of, language, print_json
from crm_metrics.findings.verdict_file import recheck as made_again
from crm_metrics.findings.verdicts import sentence
from crm_metrics.texts import t

_SHOWN = 5


@click.command()
@FILE
@LANG
@JSON
def recheck(file: Path, lang: str | None, *, as_json: bool) -> None:
    """Make the verdict of a kept finding again; exit 1 where it is not the same."""
    lang = language(lang)
    found = made_again(content_of(file))
    said = sentence(found.finding, lang)
    if as_json:
        kept = {"inputs_changed": found.inputs_changed, "differing": list(found.differing)}
        print_json({"same": found.same, "code": found.finding.code, "sentence": said} | kept)
    else:
        click.echo(said)
        if found.inputs_changed:
            click.echo(t("cli.recheck_inputs", lang))
        if found.differing:
            places = ", ".join(found.differing[:_SHOWN])
            count = len(found.differing)
            click.echo(t("cli.recheck_differs", lang, count=count, places=places))
        if found.same:
            click.echo(t("cli.recheck_same", lang))
    if not found.same:
        sys.exit(1)
