"""When calls come, and how many of them are lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from crm_metrics.charts import TONES, course_chart
from crm_metrics.metrics.comparing import against_the_rest
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.workload import MOST_DAYS, Served, served
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.response.courses import by_group, when_text
from crm_metrics.ui.theme import ground
from crm_metrics.ui.zones_view import times_words


def calls_course(seen: Seen, language: str) -> None:
    """Draw answered and lost calls by hour or by day, or say why neither can be drawn."""
    if "call_answer_rate" not in seen.metrics:
        st.caption(t("response.course_no_status", language))
        return
    by = one_of(
        "calls_by",
        t("response.course", language),
        ("hour", "day"),
        lambda key: t(f"response.course_{key}", language),
        language=language,
        flat=True,
    )
    step = "hour" if by == "hour" else "date"
    values = by_group(seen, "call_answer_rate", step)
    found = served(values, step)
    if step == "date" and len(found) > MOST_DAYS:
        step = "week"
        values = by_group(seen, "call_answer_rate", step)
        found = served(values, step)
    if not found:
        st.caption(t(f"response.course_no_{by}", language))
    elif len([one for one in found if one.answered or one.lost]) < 2:
        st.caption(t(f"response.course_one_{by}", language))
    else:
        _calls(values, found, step, language)


def _calls(values: Sequence[Value], found: Sequence[Served], step: str, language: str) -> None:
    tones = TONES[ground()]
    parts = {t(f"response.{part}", language): part for part in ("answered", "lost")}
    names = [when_text(one.when, language) for one in found]
    frame = pd.DataFrame(
        [
            {
                "label": name,
                "part": word,
                "count": getattr(one, part),
                "value_text": integer_text(getattr(one, part), language),
                "note": _lost_words(one, language),
            }
            for word, part in parts.items()
            for name, one in zip(names, found, strict=True)
        ]
    )
    st.markdown(esc(_worst_words(values, step, language)))
    charted(
        spec_of(
            course_chart,
            frame,
            title=t(f"response.course_{step}_title", language),
            x_title=t(f"response.axis_{step}", language),
            y_title=t("response.axis_calls", language),
            lang=language,
            colors=dict(zip(parts, (tones["accent"], tones["bad"]), strict=True)),
            tips=tip_titles(language, "label", "part", "value_text", "note"),
        ),
        lambda: Lines(
            titles=_titles(step, language),
            shown=tuple(
                (
                    name,
                    *(integer_text(n, language) for n in (one.answered, one.lost)),
                    _lost(one, language),
                )
                for name, one in zip(names, found, strict=True)
            ),
            columns=_titles(step, language),
            cells=tuple(
                (
                    one.when.isoformat() if isinstance(one.when, date) else one.when,
                    one.answered,
                    one.lost,
                    one.lost / (one.answered + one.lost) if one.answered + one.lost else None,
                )
                for one in found
            ),
        ),
        language,
        alt=t("response.course_alt", language, **_most(found, language)),
        key="calls_course",
        name="calls_course",
    )
    zone = [t("channels.hours_zone", language, zone=times_words("calls", language))]
    st.caption(" ".join([t("response.course_note", language), *(zone if step == "hour" else [])]))


def _titles(step: str, language: str) -> tuple[str, ...]:
    names = ("answered", "lost", "lost_share")
    return (
        t(f"response.axis_{step}", language),
        *(t(f"response.{one}", language) for one in names),
    )


def _worst_words(values: Sequence[Value], step: str, language: str) -> str:
    """The hour or day that clearly loses more than all others together, if there is one."""
    against = [one for one in against_the_rest(values) if one.value.group[step] is not None]
    worse = [one for one in against if one.clear and (one.difference or 0.0) < 0]
    if not worse:
        return t(f"response.course_even_{step}", language)
    lowest = min(worse, key=lambda one: one.difference or 0.0).value
    most = next(one for one in served([lowest], step) if one.answered or one.lost)
    n = integer_text(most.answered + most.lost, language)
    said = {"when": when_text(most.when, language), "share": _lost(most, language), "n": n}
    return t("response.course_worst", language, **said)


def _most(found: Sequence[Served], language: str) -> dict[str, str]:
    most = max(found, key=lambda one: one.answered + one.lost)
    return {
        "when": when_text(most.when, language),
        "n": integer_text(most.answered + most.lost, language),
        "share": _lost(most, language),
    }


def _lost(one: Served, language: str) -> str:
    n = one.answered + one.lost
    return percent_text(one.lost / n, language) if n else "—"


def _lost_words(one: Served, language: str) -> str:
    n = integer_text(one.answered + one.lost, language)
    return t("response.lost_of", language, share=_lost(one, language), n=n)
