"""What comments speak of: themes by frequency, one with its quotes, and what else is written."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import interval_chart, series_colors
from crm_metrics.findings.report import Shift
from crm_metrics.findings.sentences.themes import (
    UNITS,
    account_words,
    leading,
    source_name,
    theme_name,
)
from crm_metrics.findings.wording import shift_texts
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.themes import (
    Dictionary,
    Source,
    Themes,
    asked_in,
    read_themes,
    sources_of,
    themes,
)
from crm_metrics.texts import integer_text, percent_text, t, value_text
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import axis_title, interval_words, measured, scale_of, tip_titles
from crm_metrics.ui.charted import Lines, beside, charted, spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.state import workspace
from crm_metrics.ui.theme import ground
from crm_metrics.ui.voice.dictionary import dictionary_editor
from crm_metrics.ui.voice.theme import theme_part


def themes_section(seen: Seen, language: str) -> None:
    """Draw the sentences, the themes, one with its quotes, other phrases, and the dictionary."""
    st.subheader(t("themes.title", language))
    places = cached.asked(sources_of)
    if not places:
        st.info(t("themes.no_texts", language), icon=":material/chat_bubble_off:")
        return
    source = _source(places, language)
    dictionary = read_themes(workspace().folder)
    source, filters = cached.asked(asked_in, source, seen.filters)
    earlier = cached.asked(asked_in, source, seen.earlier)[1] if seen.earlier else None
    with st.spinner(t("themes.reading", language), show_time=True):
        found = cached.asked(themes, source, dictionary, filters, earlier)
    if source.questions:
        st.caption(esc(t("themes.questions", language, questions="; ".join(source.questions))))
    if not found.account.texts:
        st.info(esc(t("themes.no_texts_here", language)), icon=":material/filter_alt_off:")
    else:
        st.markdown("  \n".join(esc(one) for one in leading(found, dictionary, language)))
        st.caption(esc(" ".join(account_words(found, language))))
        _chart(found, dictionary, language)
        theme_part(found, dictionary, filters, language)
        _phrases(found, language)
    dictionary_editor(dictionary, language)


def _source(places: tuple[Source, ...], language: str) -> Source:
    if len(places) == 1:
        return places[0]
    by_key = {one.key: one for one in places}
    chosen = one_of(
        "texts",
        t("themes.where", language),
        list(by_key),
        lambda key: source_name(by_key[key], language),
        language=language,
    )
    return by_key[chosen]


def _chart(found: Themes, dictionary: Dictionary, language: str) -> None:
    named = [one for one in found.themes if one.share.components["x"]]
    if not named:
        return
    scale = scale_of("share", [one.share for one in named])
    color = next(iter(series_colors(["theme"], ground()).values()))
    frame = pd.DataFrame(
        [
            {
                "key": "theme",
                "label": theme_name(one.theme, dictionary, language),
                **measured(one.share, "share", scale, language),
                "n_text": integer_text(one.share.components["x"], language),
            }
            for one in named
        ]
    )
    chart = spec_of(
        interval_chart,
        frame,
        title=t("themes.chart", language),
        x_title=axis_title(t("themes.axis", language), scale, language),
        lang=language,
        colors={"theme": color},
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
        from_zero=True,
        dense=True,
    )
    first = frame.iloc[0]
    charted(
        chart,
        lambda: _lines(found, dictionary, language),
        language,
        alt=t("themes.chart_alt", language, theme=first["label"], value=first["value_text"]),
        key="themes",
        name="themes",
    )


def _lines(found: Themes, dictionary: Dictionary, language: str) -> Lines:
    """A line a theme, those that nobody mentions too: shares, change, scores, low scores."""
    metrics = tuple(dict.fromkeys(own.metric for one in found.themes for own in one.beside))

    def word(key: str) -> str:
        return t(f"themes.column.{key}", language)

    titles = [word("theme"), word("mentions"), word("share"), word("between"), "n"]
    columns = [word(key) for key in ("theme", "mentions", "share", "low", "high", "n")]
    changed = any(one.change for one in found.themes)
    titles += [word("change")] if changed else []
    columns += [word(key) for key in ("change", "change_low", "change_high")] if changed else []
    for metric in metrics:
        name = t(f"metric.{metric}.name", language)
        titles += [t("themes.column.of_mention", language, metric=name)]
        titles += [t("themes.column.difference", language, metric=name)]
        columns += [
            t(f"themes.column.{key}", language, metric=name)
            for key in ("of_mention", "of_rest", "difference", "difference_low", "difference_high")
        ]
    lows = found.low is not None
    titles += [word("negative"), word("complaints")] if lows else []
    columns += [word("negative"), word("complaints")] if lows else []
    shown, cells = [], []
    for one in found.themes:
        share = one.share
        name = theme_name(one.theme, dictionary, language)
        x = int(share.components["x"])
        line = [name, integer_text(x, language), percent_text(share.value, language)]
        line += [interval_words(share, "share", language), integer_text(share.n, language)]
        cell: list[str | float | None] = [name, x, share.value, share.low, share.high, share.n]
        if changed:
            moved = one.change
            ends = (moved.difference, moved.low, moved.high) if moved else (None, None, None)
            line.append(shift_texts(Shift(*ends), "share", language)["change"] if moved else "")
            cell += ends
        for metric in metrics:
            own = next((two for two in one.beside if two.metric == metric), None)
            unit = UNITS[metric]
            if own is None:
                line += ["", ""]
                cell += [None] * 5
                continue
            texts = shift_texts(Shift(own.difference, own.low, own.high), unit, language)
            between = f"{texts['change_low']}…{texts['change_high']}"
            line += [value_text(own.mention.value, unit, language), between]
            cell += [own.mention.value, own.rest.value, own.difference, own.low, own.high]
        if lows:
            line += [_share(one.negative, language), _share(one.complaints, language)]
            cell += [part.value if part else None for part in (one.negative, one.complaints)]
        shown.append(tuple(line))
        cells.append(tuple(cell))
    return Lines(tuple(titles), tuple(shown), tuple(columns), tuple(cells))


def _share(value: Value | None, language: str) -> str:
    return "" if value is None or value.value is None else percent_text(value.value, language)


def _phrases(found: Themes, language: str) -> None:
    st.markdown(f"**{t('themes.phrases_title', language)}**")
    if not found.phrases:
        st.caption(t("themes.no_phrases", language))
        return
    st.caption(t("themes.phrases_lead", language))
    listed = (
        f"{one.phrase} ({integer_text(one.share.components['x'], language)})"
        for one in found.phrases
    )
    st.markdown(esc(" · ".join(listed), limit=2000))
    titles = tuple(
        t(f"themes.column.{key}", language) for key in ("phrase", "mentions", "share", "between")
    )
    columns = tuple(
        t(f"themes.column.{key}", language)
        for key in ("phrase", "mentions", "share", "low", "high", "n")
    )
    beside(
        lambda: Lines(
            titles=titles,
            shown=tuple(
                (
                    one.phrase,
                    integer_text(one.share.components["x"], language),
                    percent_text(one.share.value, language),
                    interval_words(one.share, "share", language),
                )
                for one in found.phrases
            ),
            columns=columns,
            cells=tuple(
                (
                    one.phrase,
                    int(one.share.components["x"]),
                    one.share.value,
                    one.share.low,
                    one.share.high,
                    one.share.n,
                )
                for one in found.phrases
            ),
        ),
        language,
        key="phrases",
        name="phrases",
    )
