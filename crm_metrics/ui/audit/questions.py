"""What no file shows: questions to look into, each with its reply and what shows it."""

from __future__ import annotations

from typing import Final, cast

import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.questionnaire import (
    QUESTIONS,
    REPLIES,
    SUBJECTS,
    Answer,
    Question,
    Questionnaire,
    Reply,
    answered,
    read_questionnaire,
    unanswered,
    write_questionnaire,
)
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace

_LONGEST: Final = 1000


def questions_section(_: Audit, language: str) -> None:
    """Draw how many questions are answered, and those of one subject."""
    kept = read_questionnaire(workspace().folder)
    st.markdown(t("audit.questions_lead", language))
    counts = kept.counted()
    words = {reply: counts[reply] for reply in REPLIES}
    st.caption(esc(t("audit.questions_counted", language, open=kept.open, **words)))
    subject = one_of(
        "subject",
        t("audit.subject_title", language),
        SUBJECTS,
        lambda key: t(f"audit.subject.{key}", language),
        language=language,
        flat=True,
        named=False,
    )
    for question in QUESTIONS:
        if question.subject == subject:
            _question(question, kept, language)


def _question(question: Question, kept: Questionnaire, language: str) -> None:
    known = kept.answer(question.key)
    reply_key = f"reply_{question.key}_{language}"
    note_key = f"evidence_{question.key}_{language}"
    words = t(f"audit.question.{question.key}", language)
    with st.container(border=True, gap="xsmall", key=f"question_{question.key}"):
        st.markdown(f"**{esc(words)}**")
        st.caption(esc(t(f"audit.look.{question.key}", language)))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.segmented_control(
                words,
                REPLIES,
                default=known.reply if known else None,
                format_func=lambda reply: t(f"audit.reply.{reply}", language),
                key=reply_key,
                label_visibility="collapsed",
                on_change=boundary()(_keep),
                args=(question.key, reply_key, note_key),
            )
            st.text_input(
                t("audit.evidence", language),
                value=known.note if known else "",
                max_chars=_LONGEST,
                key=note_key,
                placeholder=t("audit.evidence", language),
                label_visibility="collapsed",
                on_change=boundary()(_keep),
                args=(question.key, reply_key, note_key),
            )


def _keep(question: str, reply_key: str, note_key: str) -> None:
    """Keep the reply with its note; a note without a reply is one that is not known yet."""
    folder = workspace().folder
    kept = read_questionnaire(folder)
    reply, note = st.session_state.get(reply_key), st.session_state.get(note_key, "").strip()
    if not reply and not note:
        write_questionnaire(folder, unanswered(kept, question))
        return
    answer = Answer(question, cast("Reply", reply or "unknown"), note)
    write_questionnaire(folder, answered(kept, answer))
