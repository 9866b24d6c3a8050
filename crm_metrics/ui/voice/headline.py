"""The answer first: what clients say, how sure that is, and how many of those asked answered."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.sentences.link import link_sentences
from crm_metrics.findings.sentences.questions import pooled_lines, rate_of_file
from crm_metrics.findings.wording import estimate, inside, metric_name
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.voice.invited import invited
from crm_metrics.metrics.voice.questions import questions
from crm_metrics.texts import decimal_text, integer_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.voice.link import linked
from crm_metrics.ui.voice.topic import RESPONSES, SCORES
from crm_metrics.ui.words import grain_word

_SMALL = 100
"""Answers up to which the width of an interval is said in words."""


def headline(seen: Seen, language: str) -> None:
    """Draw the scores in sentences, and under them who answered, with what that leaves open."""
    found = together(seen, (*SCORES, *RESPONSES))
    told = [*_nps(found["nps"], language), *_csat(found["csat"], language)]
    told += [*_ease(found, language), *_known(seen, language)]
    if told:
        st.markdown("  \n".join(esc(one, limit=700) for one in told))
    pooled = pooled_lines(cached.asked(questions, seen.filters), language)
    st.caption(esc(" ".join([*_answered(found, language), *pooled]), limit=1500))


def _nps(rows: tuple[ChannelRow, ...], language: str) -> list[str]:
    if not rows:
        return []
    value = rows[0].now
    groups = {
        name: percent_text(value.components[name] / value.components["n"], language)
        for name in ("promoters", "passives", "detractors")
    }
    said = t("voice.nps_said", language, value=estimate(value, "points", language), **groups)
    return [" ".join([said, *_width(value, language)])]


def _width(value: Value, language: str) -> list[str]:
    """How far the score may be off, in points; always said of NPS, whose interval is wide."""
    if value.low is None or value.high is None:
        return []
    margin = decimal_text((value.high - value.low) / 2, language, 1)
    key = "nps_margin_small" if value.n < _SMALL else "nps_margin"
    return [t(f"voice.{key}", language, margin=margin, n=integer_text(value.n, language))]


def _csat(rows: tuple[ChannelRow, ...], language: str) -> list[str]:
    if not rows:
        return []
    first, *others = rows
    said = [t("voice.csat_said", language, value=estimate(first.now, "share", language))]
    if others:
        other = others[0].now
        said.append(
            t(
                "voice.csat_other",
                language,
                grain=inside(grain_word(first.now.grain, language)),
                other=inside(grain_word(other.grain, language)),
                value=estimate(other, "share", language),
            )
        )
    if first.now.n < _SMALL:
        said.append(t("voice.few", language, n=integer_text(first.now.n, language)))
    return [" ".join(said)]


def _ease(found: dict[str, tuple[ChannelRow, ...]], language: str) -> list[str]:
    for key in ("ces", "ces_2010"):
        if rows := found[key]:
            value = estimate(rows[0].now, "score", language)
            return [t("voice.ces_said", language, metric=metric_name(key, language), value=value)]
    return []


def _known(seen: Seen, language: str) -> list[str]:
    """Whether those who waited longest feel otherwise, where the data can tell."""
    found = linked(seen, "first_reply")
    return link_sentences(found, language)[:1] if found and found.gap else []


def _answered(found: dict[str, tuple[ChannelRow, ...]], language: str) -> list[str]:
    """The response rate of each kind of rows, or which column would tell it; and the bias."""
    said = [
        t(
            f"voice.rate_{row.now.variant}",
            language,
            value=estimate(row.now, "share", language),
        )
        for row in found["survey_response_rate"]
    ]
    of_files = cached.asked(invited)
    said += [rate_of_file(one, language) for one in of_files]
    asked_known = any(row.now.grain == "surveys" for row in found["survey_response_rate"])
    if found["survey_responses"] and not asked_known and not of_files:
        said.append(t("voice.rate_unknown", language))
    return [*said, t("voice.bias", language)]
