"""The base in segments: how contacts can be reached, how long ago anything was, one's own."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.base import RECENT, segments_of_base
from crm_metrics.audit.base import Segment as Part
from crm_metrics.findings.audit_words import share_texts
from crm_metrics.metrics.segments.keeping import read_segments
from crm_metrics.metrics.segments.membership import size_of
from crm_metrics.metrics.segments.segment import Segment
from crm_metrics.texts import integer_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import workspace


def base_section(found: Audit, language: str) -> None:
    """Draw the parts of the base, and the segments that a person made."""
    parts = cached.asked(segments_of_base, found.today)
    if not parts:
        st.info(t("audit.base_needs", language), icon=":material/extension:")
    for cut in dict.fromkeys(one.cut for one in parts):
        st.header(t(f"audit.cut.{cut}", language))
        _table([one for one in parts if one.cut == cut], language)
    st.header(t("audit.own_segments", language))
    own = read_segments(workspace().folder)
    if not own:
        st.caption(t("audit.no_segments", language))
        return
    st.markdown("\n".join(f"- {esc(_own(one, language), limit=300)}" for one in own))


def _table(parts: list[Part], language: str) -> None:
    days = {"recent": RECENT[0], "old": RECENT[1]}
    rows = []
    for one in parts:
        shares = share_texts(one.share, one.low, one.high, language)
        rows.append(
            (
                t(f"audit.part.{one.key}", language, **days),
                integer_text(one.count, language),
                shares["share"],
                f"{shares['low']}–{shares['high']}",
            )
        )
    names = ("segment", "count", "share", "between")
    frame = pd.DataFrame(rows, columns=[t(f"audit.base_column.{name}", language) for name in names])
    right = {name: st.column_config.TextColumn(alignment="right") for name in frame.columns[1:]}
    st.dataframe(
        frame,
        hide_index=True,
        column_config=right,
        width=560,
        key=f"base_{parts[0].cut}_{language}",
    )


def _own(segment: Segment, language: str) -> str:
    size = cached.asked(size_of, segment)
    return t(
        "audit.own_segment",
        language,
        name=segment.name,
        people=integer_text(size.people, language),
        of=integer_text(size.of, language),
    )
