"""The use of the CRM: per person, by kind of activity, and how many sales it knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.findings.crm_use import (
    needs_sentence,
    registered_sentences,
    use_sentences,
)
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.wording import estimate, flag_text, metric_name
from crm_metrics.metrics.crm_use import Registered, Use, crm_use, registered_sales_share
from crm_metrics.metrics.ground import Engine, grains_of
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Filters
from crm_metrics.texts import has, integer_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.charted import Lines, beside
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_or_none
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import derived_cards
from crm_metrics.ui.state import workspace
from crm_metrics.ui.typed import number_kept
from crm_metrics.ui.widgets import download_table

GRAINS = frozenset({"activities", "deals"})
_LICENCES = "licences"
_MOST_LICENCES = 100_000.0
_COLUMNS = ("name", "records", "communications", "logins", "orders", "closed", "active_weeks")


def crm_use_section(seen: Seen, language: str) -> None:
    """Draw the use of the CRM over what is shown."""
    use_of_crm(seen.filters, language)


def use_of_crm(filters: Filters, language: str) -> None:
    """Draw who uses the CRM and how much, tasks that are late, and the sales that it knows."""
    st.subheader(t("crm_use.title", language))
    licences = number_kept(
        _LICENCES,
        t("crm_use.licences", language),
        default=0.0,
        bounds=(0.0, _MOST_LICENCES),
        step=1.0,
        meaning=t("crm_use.licences_help", language),
    )
    use = cached.asked(crm_use, filters, licences=round(licences) or None)
    if use is None:
        st.info(t("crm_use.nobody", language), icon=":material/extension:")
    else:
        _people(use, filters, language)
    _activities(filters, language)
    _registered(language)


def _people(use: Use, filters: Filters, language: str) -> None:
    """What each does in the CRM, and what activities would have to say for more."""
    said = use_sentences(use, language)
    st.markdown("\n".join(f"- {esc(one, limit=600)}" for one in said))
    lack = needs_sentence(use, language)
    if lack:
        st.info(esc(lack, limit=600), icon=":material/extension:")
    known = [one for one in use.values if one.value is not None]  # noqa: PD011 - no frame
    derived_cards(known, language, key="crm_use", behind=Behind(filters))
    beside(partial(_lines, use, language), language, key="crm_use", name="crm_use")


def _lines(use: Use, language: str) -> Lines:
    titles = tuple(t(f"crm_use.column.{name}", language) for name in _COLUMNS)
    names = _names([line.name for line in use.lines])
    cells = tuple(
        (name, *(getattr(line, column) for column in _COLUMNS[1:]))
        for name, line in zip(names, use.lines, strict=True)
    )
    shown = tuple((line[0], *(integer_text(n, language) for n in line[1:])) for line in cells)
    return Lines(titles=titles, shown=shown, columns=titles, cells=cells)


def _names(users: Sequence[str]) -> list[str]:
    """Users' names; those that are an e-mail or a phone are hidden, and numbered where alike."""
    hidden = [mask(name, None) for name in users]
    return [
        f"{name} ({hidden[: place + 1].count(name)})" if hidden.count(name) > 1 else name
        for place, name in enumerate(hidden)
    ]


def _activities(filters: Filters, language: str) -> None:
    """How many of each kind, and which share of tasks is late."""
    if "activities" not in cached.asked(grains_of):
        return
    result = cached.compute(("overdue_task_share",), filters=filters)
    for value in result.values:  # noqa: PD011 - no frame
        said = estimate(value, "share", language)
        if value.value is None:
            said = " ".join(flag_text(flag, language) for flag in value.flags)
        st.markdown(esc(f"{metric_name(value.metric, language)}: {said}", limit=400))
        st.caption(esc(t(f"metric.{value.metric}.help", language), limit=400))
    by_type = cached.compute(("activity_volume",), by=("activity_type",), filters=filters)
    values = [one for one in by_type.values if one.value]  # noqa: PD011 - no frame
    if not values:
        return
    values.sort(key=lambda one: -(one.value or 0))
    frame = pd.DataFrame(
        [
            (_kind(one.group["activity_type"], language), integer_text(one.value, language))
            for one in values
        ],
        columns=[t("crm_use.kind", language), t("crm_use.count", language)],
    )
    right = {frame.columns[1]: st.column_config.TextColumn(alignment="right")}
    st.dataframe(frame, hide_index=True, column_config=right, width=380, key="activity_kinds")


def _kind(word: str | None, language: str) -> str:
    key = f"activity_type.{word}"
    return t(key, language) if has(key, language) else word or t("channels.group_unknown", language)


def _registered(language: str) -> None:
    """The sales of the books that the CRM knows, of two files that the user names."""
    st.subheader(t("crm_use.registered_title", language))
    able = [one for one in workspace().datasets() if one.facts and one.facts.grain in _SOLD]
    if len(able) < 2 or not any(one.facts and one.facts.grain == "orders" for one in able):
        st.caption(t("crm_use.registered_needs", language))
        return
    names = {one.id: one.table.name for one in able}
    books = [one.id for one in able if one.facts and one.facts.grain == "orders"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        book = _file("books", books, names, language)
        crm = _file("crm", list(names), names, language)
    found = cached.asked(_known_to, crm, book) if crm and book and crm != book else None
    if found is None:
        st.caption(t("crm_use.registered_choose", language))
        return
    derived_cards((found.value,), language, key="registered", behind=Behind())
    said = registered_sentences(found, language)
    if said:
        st.markdown("\n".join(f"- {esc(one)}" for one in said))
    if found.apart:
        _apart(found, language)


def _apart(found: Registered, language: str) -> None:
    """The orders in which the files differ, with the line of each, as a file."""
    titles = [t(f"crm_use.apart.{name}", language) for name in _APART]

    def rows() -> Iterator[tuple[Cell, ...]]:
        for one in found.apart:
            why = t(f"crm_use.apart.{one.why}", language)
            places = (one.book_line, one.book_amount, one.crm_line, one.crm_amount)
            yield (why, one.number, *places)

    download_table(
        titles,
        rows,
        language,
        name="sales_apart",
        key="sales_apart",
        label=t("crm_use.apart.download", language),
    )


_APART = ("why", "number", "book_line", "book_amount", "crm_line", "crm_amount")
_SOLD = ("orders", "deals")


def _file(name: str, options: list[str], names: dict[str, str], language: str) -> str | None:
    return one_or_none(
        f"{name}_file",
        t(f"crm_use.file_{name}", language),
        options,
        lambda key: names[key],
        language=language,
        placeholder=t("crm_use.file_choose", language),
    )


def _known_to(_: Engine, crm: str, books: str) -> Registered | None:
    """What of one data set stands in the other, by their ids: both files are read whole for it."""
    ours, theirs = (workspace().dataset(one).facts for one in (crm, books))
    return registered_sales_share(ours, theirs) if ours and theirs else None
