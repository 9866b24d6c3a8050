"""`voice --lines`: the lines of the files behind each number of the command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm_metrics.cli_derived import Traced
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage import (
    Behind,
    Component,
    components_of,
    lineage,
    of_answers,
    of_bucket,
    of_theme,
)
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.themes import Dictionary, Themes
from crm_metrics.metrics.voice.invited import Invited
from crm_metrics.metrics.voice.link import Link
from crm_metrics.metrics.voice.pairs import Wait
from crm_metrics.metrics.voice.questions import Question
from crm_metrics.store import Dataset


@dataclass(frozen=True, slots=True)
class Told:
    """What the command tells: `filters` are without the questions, `asked` with them."""

    filters: Filters
    asked: Filters
    wait: Wait
    values: tuple[Value, ...]
    questions: tuple[Question, ...]
    linked: Link | None
    themes: Themes | None
    dictionary: Dictionary
    invited: tuple[Invited, ...] = ()


def traced_voice(
    engine: Engine, datasets: Sequence[Dataset], told: Told, first: int | None
) -> Traced:
    """The lines behind values, questions, the link with its buckets, and themes."""
    if first is None:
        return Traced()
    each = (
        *_of_values(engine, told, first),
        *_of_questions(engine, told, first),
        *_of_link(engine, told, first),
        *_of_themes(engine, told, first),
    )
    return Traced(tuple(datasets), {id(thing): components for thing, components in each})


_Found = Iterator[tuple[object, tuple[Component, ...]]]


def _of_values(engine: Engine, told: Told, first: int) -> _Found:
    for value in told.values:
        found = lineage(engine, value, filters=told.asked, first=first)
        yield value, (Component("counted", found),)


def _of_questions(engine: Engine, told: Told, first: int) -> _Found:
    for one in told.questions:
        words = not one.counts
        if one.headline is not None:
            found = lineage(engine, one.headline, filters=told.asked, first=first)
        else:
            found = of_answers(engine, one.text, told.asked, first, in_words=words)
        name = "counted" if one.headline is not None else "words" if words else "answers"
        yield one, (Component(name, found),)


def _of_link(engine: Engine, told: Told, first: int) -> _Found:
    found = told.linked
    if found is None:
        return
    behind = Behind(told.filters, wait=told.wait)
    yield found.correlation, components_of(engine, found.correlation, behind, first=first)
    for one in found.buckets:
        lines = of_bucket(engine, found, one, behind, first)
        yield one.value, (Component("waited", lines),)
    for point in found.points:
        for value in (point.time, point.score):
            lines = lineage(engine, value, filters=told.filters, first=first)
            yield value, (Component("counted", lines),)


def _of_themes(engine: Engine, told: Told, first: int) -> _Found:
    found = told.themes
    if found is None:
        return
    named = [
        (one.share, one.theme, "comments") for one in found.themes if one.share.components["x"]
    ]
    untold = [] if found.untold is None else [(found.untold, None, "untold")]
    for value, theme, name in (*named, *untold):
        lines = of_theme(engine, found, told.dictionary, theme, filters=told.asked, first=first)
        yield value, (Component(name, lines),)
