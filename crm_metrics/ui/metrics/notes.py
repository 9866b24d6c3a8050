"""What to keep in mind about the numbers of channels: other formulas, doubts, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import channel_name, field_name, flag_text, metric_name
from crm_metrics.metrics.model import Missing
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.money_view import money_lines
from crm_metrics.ui.together_view import counted_lines, unread_lines
from crm_metrics.ui.words import grain_word, variant_words
from crm_metrics.ui.zones_view import zone_lines


def notes(seen: Seen, language: str) -> None:
    """Draw, folded, the notes on values and the columns that other metrics would need."""
    lines = [_other_base(row, seen, language) for row in seen.rows if _is_other(row, seen)]
    flags = list(dict.fromkeys(flag for row in seen.rows for flag in row.now.flags))
    lines += [_doubt(flag, seen.rows, language) for flag in flags]
    lines += [*counted_lines(language), *unread_lines(language), *zone_lines(language)]
    for line in money_lines(language):  # amounts are missing or converted: not to be overlooked
        st.caption(line)
    if lines:
        with st.expander(t("channels.notes", language, count=len(lines)), icon=":material/info:"):
            st.markdown("\n".join(f"- {line}" for line in lines))
    if seen.missing:
        title = t("channels.missing", language, count=len(seen.missing))
        with st.expander(title, icon=":material/extension:"):
            st.markdown("\n".join(f"- {line}" for line in _lacks(seen.missing, language)))


def reason_words(flags: Sequence[str], language: str) -> str:
    """Why a value is not there, or what to keep in mind about it; "" where nothing."""
    return "; ".join(flag_text(flag, language).rstrip(".") for flag in flags)


def _is_other(row: ChannelRow, seen: Seen) -> bool:
    return row.now.value is not None and row.now.variant != seen.usual(row.metric)


def _other_base(row: ChannelRow, seen: Seen, language: str) -> str:
    return t(
        "channels.other_base_note",
        language,
        metric=esc(metric_name(row.metric, language)),
        channel=esc(channel_name(row.channel, language)),
        base=esc(variant_words(row.now.variant, language)),
        usual=esc(variant_words(seen.usual(row.metric), language)),
    )


def _doubt(flag: str, rows: Sequence[ChannelRow], language: str) -> str:
    flagged = [row for row in rows if flag in row.now.flags]
    named = [
        f"{channel_name(row.channel, language)} — {metric_name(row.metric, language)}"
        for row in flagged
    ]
    shown = "; ".join(dict.fromkeys(named))
    grains = {row.now.grain for row in flagged}
    said = flag_text(flag, language, grains.pop() if len(grains) == 1 else None).rstrip(".")
    return f"{esc(said)}: {esc(shown, limit=300)}"


def _lacks(missing: Sequence[Missing], language: str) -> list[str]:
    """What each kind of rows lacks, and the metrics that it would give; most metrics first."""
    given: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in missing:
        given.setdefault((one.grain, one.needs), []).append(metric_name(one.metric, language))
    lines = []
    for (grain, needs), metrics in sorted(given.items(), key=lambda item: -len(item[1])):
        columns = ", ".join(
            t("channels.needed", language, name=field_name(need, language)) for need in needs
        )
        names = "; ".join(dict.fromkeys(metrics))
        lines.append(
            t(
                "channels.missing_line",
                language,
                metrics=esc(names, limit=600),
                grain=esc(grain_word(grain, language)),
                needs=esc(columns or t("report.needs_rows", language)),
            )
        )
    return lines
