"""Which questions of the surveys the page is about, kept in the address."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap

import streamlit as st

from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.voice.questions import Question, questions
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.address import keep, kept, widget_key
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.link_notes import missed

QUESTION = "question"
_CHOICE = " / "
"""Between a question and one of its choices, where it stands over several columns."""
_LONGEST = 80


def question_filter(choices: Choices, filters: Filters, language: str) -> Filters:
    """Ask for questions where there are several, and give the filters with those chosen."""
    # Asked as the sections of the page ask, so that what is found serves both.
    found = cached.asked(questions, choices.counted(filters))
    names = [one.text for one in found if one.text]
    if len(names) < 2:
        return filters
    asked = kept(QUESTION)
    picked = st.multiselect(
        t("voice.question_filter", language),
        names,
        default=[name for name in asked if name in names],
        format_func=on_one_line,
        key=widget_key(QUESTION, language),
        placeholder=t("voice.all_questions", language),
        help=t("voice.question_filter_help", language),
        width=320,
    )
    unknown = [name for name in asked if name not in names]
    if unknown:
        missed(QUESTION, unknown, tuple(picked))
    keep(QUESTION, picked)
    if not picked:
        return filters
    return replace(filters, equal=(*filters.equal, (QUESTION, tuple(picked))))


def name_of(question: Question, language: str) -> str:
    """A question's words on one line."""
    text = " ".join((question.text or "").split())
    return text or t("voice.no_question", language)


def on_one_line(name: str) -> str:
    """A question on one line; what is cut is not its choice."""
    line = " ".join(name.split())
    if len(line) <= _LONGEST:
        return line
    asked, _, choice = line.rpartition(_CHOICE)
    if not asked or len(choice) > _LONGEST // 2:
        return f"{line[: _LONGEST - 1]}…"
    ending = f"…{_CHOICE}{choice}"
    return asked[: _LONGEST - len(ending)] + ending


def on_two_lines(name: str, width: int) -> list[str]:
    """A question cut to two lines; one over several choices to its beginning and its choice."""
    asked, _, choice = name.rpartition(_CHOICE)
    if not asked or len(wrap(name, width)) <= 2:
        return wrap(name, width, max_lines=2, placeholder="…")
    return [wrap(part, width, max_lines=1, placeholder="…")[0] for part in (asked, choice)]
