"""One theme: its course, the scores beside it, what it is named with, and real comments."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from crm_metrics.charts import series_colors, trend_chart
from crm_metrics.findings.sentences.themes import beside_words, change_words, theme_name
from crm_metrics.findings.wording import channel_name, estimate
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.themes import Dictionary, Quote, Theme, ThemeCount, Themes
from crm_metrics.metrics.themes.quotes import mentioning, quotes
from crm_metrics.texts import date_text, decimal_text, integer_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.state import engine
from crm_metrics.ui.theme import ground
from crm_metrics.ui.widgets import download_table


def theme_part(found: Themes, dictionary: Dictionary, filters: Filters, language: str) -> None:
    """Draw the choice of a theme, in the address as `theme`, and what is known of the chosen."""
    named = {one.theme: one for one in found.themes if one.share.components["x"]}
    if not named:
        return
    key = one_of(
        "theme",
        t("themes.choose", language),
        list(named),
        lambda one: t(
            "themes.option",
            language,
            theme=theme_name(one, dictionary, language),
            n=integer_text(named[one].share.components["x"], language),
        ),
        language=language,
    )
    one = named[key]
    _sentences(one, dictionary, language)
    _course(one, dictionary, language)
    theme = next(own for own in dictionary if own.key == key)
    _quotes(found, theme, filters, language)


def _sentences(one: ThemeCount, dictionary: Dictionary, language: str) -> None:
    name = theme_name(one.theme, dictionary, language)
    said = [t("themes.one", language, theme=name, value=estimate(one.share, "share", language))]
    said += [words] if (words := change_words(one, language)) else []
    said += [beside_words(own, language) for own in one.beside]
    if one.negative is not None and one.negative.value is not None:
        value = estimate(one.negative, "share", language)
        said.append(t("themes.negative", language, value=value))
    if one.often:
        listed = ", ".join(
            f"{theme_name(key, dictionary, language)} ({integer_text(n, language)})"
            for key, n in one.often
        )
        said.append(t("themes.often", language, themes=listed))
    st.markdown("  \n".join(esc(line) for line in said))
    if one.beside:
        st.caption(t("themes.association", language))


def _course(one: ThemeCount, dictionary: Dictionary, language: str) -> None:
    """The share by month, where there are several."""
    if len(one.months) < 2:
        return
    name = theme_name(one.theme, dictionary, language)
    scale = scale_of("share", [value for _, value in one.months])
    frame = pd.DataFrame(
        [
            {
                "key": one.theme,
                "label": name,
                "date": pd.Timestamp(month),
                "partial": False,
                "label_text": f"{month:%Y-%m}",
                **measured(value, "share", scale, language),
            }
            for month, value in one.months
        ]
    )
    chart = spec_of(
        trend_chart,
        frame,
        title=t("themes.course", language, theme=name),
        x_title="",
        y_title=axis_title(t("themes.axis", language), scale, language),
        lang=language,
        colors=series_colors([one.theme], ground()),
        tips=tip_titles(language, "value_text", "interval_text", "n_text"),
    )
    first, last = (percent_text(one.months[at][1].value, language) for at in (0, -1))
    charted(
        chart,
        lambda: value_lines(
            [((f"{month:%Y-%m}",), value) for month, value in one.months],
            (t("themes.column.month", language),),
            "share",
            language,
        ),
        language,
        alt=t("themes.course_alt", language, theme=name, first=first, last=last),
        key="theme_course",
        name="theme",
    )


def _quotes(found: Themes, theme: Theme, filters: Filters, language: str) -> None:
    shown = cached.asked(quotes, found.source, theme, filters)
    all_of = next(one for one in found.themes if one.theme == theme.key).share.components["x"]
    st.markdown(f"**{t('themes.quotes_title', language)}**")
    n, count = integer_text(all_of, language), integer_text(len(shown), language)
    st.caption(t("themes.quotes_lead", language, shown=count, n=n))
    for quote in shown:
        signed = _signed(quote, language)
        st.markdown(f"> {_marked(quote)}" + (f"  \n> {esc(signed)}" if signed else ""))
    bare = st.checkbox(
        t("themes.unmasked", language),
        key="themes_unmasked",
        help=t("themes.unmasked_help", language),
    )
    columns = [t(f"themes.column.{key}", language) for key in ("day", "channel", "score", "text")]
    source, own = found.source, engine()

    def rows() -> Iterator[tuple[str | float | None, ...]]:
        for day, channel, score, text in mentioning(own, source, theme, filters, masked=not bare):
            name = channel_name(channel, language) if channel else None
            yield day.isoformat() if day else None, name, score, text

    download_table(
        columns,
        rows,
        language,
        name=f"theme_{theme.key}",
        key="theme_download",
        label=t("themes.download", language, n=n),
    )


def _marked(quote: Quote) -> str:
    """The comment as markdown, the theme's words in bold."""
    parts, at = [], 0
    for start, end in quote.spans:
        parts += [esc(quote.text[at:start]), f"**{esc(quote.text[start:end])}**"]
        at = end
    return "".join([*parts, esc(quote.text[at:])])


def _signed(quote: Quote, language: str) -> str:
    """When, where and with which score it was written; "" where none of that is known."""
    said = [date_text(quote.day, language)] if quote.day else []
    said += [channel_name(quote.channel, language)] if quote.channel else []
    if quote.score is not None:
        digits = 0 if float(quote.score).is_integer() else 1
        score = decimal_text(quote.score, language, digits)
        said.append(t("themes.scored", language, score=score))
    return " · ".join(said)
