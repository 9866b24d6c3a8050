"""The answer first: how many are answered in time, how long others wait, and who stands apart."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import n_text
from crm_metrics.texts import duration_text, integer_text, t, value_text
from crm_metrics.ui.chart_words import end_texts
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.delays import SPEED
from crm_metrics.ui.response.topic import APART, CALLS


def headline(seen: Seen, language: str) -> None:
    """Draw what the page answers in one paragraph, the unanswered said."""
    asked = (*SPEED, "frt_mean", *APART, *CALLS, "calls")
    found = {key: rows[0] for key, rows in together(seen, asked).items() if rows}
    told = [*_replies(found, seen, language), *_calls(found, seen, language)]
    if told:
        st.markdown(" ".join(esc(one, limit=600) for one in told))
    aside = _apart(found, language)
    if aside:
        st.caption(esc(aside, limit=400))


def _replies(found: dict[str, ChannelRow], seen: Seen, language: str) -> list[str]:
    share = found.get("answered_within")
    if share is None:
        return _averages(found, language)
    limit = duration_text(seen.limits.first_reply, language)
    said = [_share("in_time", share, language, limit=limit)]
    if silent := found.get("unanswered_rate"):
        said.append(t("response.unanswered", language, value=_value(silent, language)))
    median, most = found.get("frt_median"), found.get("frt_p90")
    if median and most:
        texts = {"median": _value(median, language), "most": _value(most, language)}
        said.append(t("response.times", language, **texts))
    return said


def _averages(found: dict[str, ChannelRow], language: str) -> list[str]:
    """A report of averages: the mean alone, since nothing in it tells how they spread."""
    mean = found.get("frt_mean")
    if mean is None or mean.now.grain != "support_stats":
        return []
    n = integer_text(mean.now.base or 0, language)
    return [t("response.averages", language, value=_value(mean, language), n=n)]


def _calls(found: dict[str, ChannelRow], seen: Seen, language: str) -> list[str]:
    """How many calls were answered and how fast, or which of that no column tells."""
    if "calls" not in found:
        return []
    rate, level = found.get("call_answer_rate"), found.get("call_service_level")
    said = [_share("calls_answered", rate, language) if rate else _talks(found, language)]
    if level:
        limit = duration_text(seen.limits.call_answer, language)
        value = _value(level, language)
        said.append(t("response.calls_level", language, value=value, limit=limit))
    elif rate is None:
        waits = "wait_median" in found
        key = "calls_no_outcome" if waits else "calls_no_outcome_nor_wait"
        said.append(t(f"response.{key}", language))
    elif "asa_median" not in found:
        said.append(t("response.calls_no_wait", language))
    return said


def _talks(found: dict[str, ChannelRow], language: str) -> str:
    """How many calls there were and how long people talked, where no outcome is known."""
    calls, talk = _value(found["calls"], language), found.get("aht_median")
    if talk is None:
        return t("response.calls_counted", language, calls=calls)
    return _share("calls_talk", talk, language, calls=calls)


def _share(key: str, row: ChannelRow, language: str, **words: str) -> str:
    ends = end_texts(row.now, row.unit, language)
    said = {"value": _value(row, language), "n": n_text(row.now, language), **words}
    if ends is None:
        return t(f"response.{key}_alone", language, **said)
    return t(f"response.{key}", language, low=ends[0], high=ends[1], **said)


def _apart(found: dict[str, ChannelRow], language: str) -> str:
    """How many conversations count in no reply time, since nobody waited or a bot answered."""
    ours, bots = (int(row.now.value or 0) if (row := found.get(key)) else 0 for key in APART[1:])
    if not ours and not bots:
        return ""
    counts = {"ours": integer_text(ours, language), "bots": integer_text(bots, language)}
    return t("response.apart", language, **counts)


def _value(row: ChannelRow, language: str) -> str:
    return value_text(row.now.value, row.unit, language)
