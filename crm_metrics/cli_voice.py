"""`voice`: what clients say question by question, and whether it goes with how fast we answer."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from crm_metrics.cli_derived import LINES, Traced
from crm_metrics.cli_files import loaded
from crm_metrics.cli_options import (
    FILES,
    FROM,
    JSON,
    LANG,
    TO,
    content_of,
    language,
    period,
    print_json,
)
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_voice_document import voice_document
from crm_metrics.cli_voice_lines import Told, traced_voice
from crm_metrics.findings.sentences.link import bucket_words, link_sentences, point_words
from crm_metrics.findings.sentences.questions import pooled_lines, rate_of_file, score_words
from crm_metrics.findings.sentences.themes import theme_lines
from crm_metrics.findings.wording import estimate, flags_text, metric_name
from crm_metrics.metrics import Filters, Value, compute, metric_named
from crm_metrics.metrics.themes import Dictionary, built_in, first_themes, themes_of_file
from crm_metrics.metrics.voice.invited import invited
from crm_metrics.metrics.voice.link import Link, link
from crm_metrics.metrics.voice.pairs import Wait
from crm_metrics.metrics.voice.questions import Question, questions
from crm_metrics.metrics.voice.scored import scored_grains
from crm_metrics.texts import integer_text, t

_KEYS = (
    *("nps", "csat", "csat_bottom2", "ces", "ces_2010", "ces_easy_share"),
    *("survey_response_rate", "survey_duration_median", "survey_duration_p90"),
    *("satisfied_customers", "survey_responses"),
)
_WAITS = click.Choice(["first_reply", "resolution"])


@click.command()
@FILES
@reading_options
@FROM
@TO
@click.option("--answers-to", multiple=True, help="Only answers to this question; repeatable.")
@click.option("--wait", type=_WAITS, default="first_reply", help="The time held against scores.")
@click.option(
    "--dictionary",
    "themes",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Themes of your own, as the Voice page lets you download them.",
)
@LINES
@LANG
@JSON
def voice(
    files: tuple[Path, ...],
    reading: Reading,
    start: datetime | None,
    end: datetime | None,
    answers_to: tuple[str, ...],
    wait: Wait,
    themes: Path | None,
    first: int | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """CSAT, NPS and CES by question, response rate, their link with response time, and themes."""
    lang = language(lang)
    dictionary = _dictionary(themes)
    filters = Filters(*period(start, end))
    asked = (
        Filters(filters.start, filters.end, equal=(("question", answers_to),))
        if answers_to
        else filters
    )
    with loaded(files, reading) as workspace, workspace.engine() as engine:
        known = scored_grains(engine)
        values = compute(engine, _KEYS, filters=asked).values if known else ()
        found = questions(engine, asked)
        linked = link(engine, filters, wait)
        about = first_themes(engine, dictionary, asked)
        values = tuple(one for one in values if one.value is not None)
        rates = invited(engine)
        told = Told(filters, asked, wait, values, found, linked, about, dictionary, rates)
        behind = traced_voice(engine, workspace.datasets(), told, first)
    if as_json:
        print_json(voice_document(told, behind))
        return
    if not (known or about):
        click.echo(t("voice.need", lang))
    for value in values:
        _echo(_line(value, lang), *behind.lines(value, lang))
    for one in found:
        _echo(_asked(one, lang), *behind.lines(one, lang))
    _echo(*pooled_lines(found, lang), *(rate_of_file(one, lang) for one in rates))
    if known:
        click.echo(t("voice.bias", lang))
    _echo(*(_linked(linked, behind, lang) if linked else ()))
    if about:
        _echo(*theme_lines(about, dictionary, lang, partial(behind.lines, lang=lang)))


def _echo(*lines: str) -> None:
    for line in lines:
        click.echo(line)


def _dictionary(path: Path | None) -> Dictionary:
    """The dictionary in a file, the built-in one where none is named.

    Raises InputError("no_such_file") without the file, "themes_file" for one of another kind.
    """
    if path is None:
        return built_in()
    return themes_of_file(content_of(path), file=path.name)


def _line(value: Value, lang: str) -> str:
    unit = metric_named(value.metric, value.grain).unit
    grain = t(f"grain.{value.grain}.name", lang)
    said = f"{metric_name(value.metric, lang)} ({grain}): {estimate(value, unit, lang)}"
    return " ".join([said, *flags_text(value, lang)])


def _asked(one: Question, lang: str) -> str:
    name = " ".join((one.text or t("voice.no_question", lang)).split())
    said = score_words(one, lang)
    if one.headline is not None:
        said = f"{metric_name(one.headline.metric, lang)} {said}"
    counts = {key: integer_text(getattr(one, key), lang) for key in ("blanks", "comments")}
    return t("voice.asked_line", lang, question=name, said=said.rstrip("."), **counts)


def _linked(found: Link, behind: Traced, lang: str) -> list[str]:
    unit = metric_named(found.measure).unit
    lines = [f"{t(f'voice.wait_{found.wait}', lang)}:", *link_sentences(found, lang)]
    lines += behind.lines(found.correlation, lang)
    rows = [(bucket_words(one, lang), one.value) for one in found.buckets]
    rows += [(point_words(one, found.level, lang), one.score) for one in found.points]
    for name, value in rows:
        lines += [f"{name}: {estimate(value, unit, lang)}", *behind.lines(value, lang)]
    return lines
