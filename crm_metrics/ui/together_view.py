"""What data sets have in common: said on the upload page, with the choice how it is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Final

import pyarrow as pa
import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.intake.table import LINE
from crm_metrics.metrics.ground import parts_of, unread_logs
from crm_metrics.store import Dataset, How, Overlap, in_force
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import engine, workspace
from crm_metrics.ui.widgets import download_table
from crm_metrics.ui.words import field_word

_MOST: Final = 6
_EXAMPLES: Final = 5
_FIRST_COLUMNS: Final = 8


def together(language: str, datasets: Sequence[Dataset]) -> None:
    """Each pair of data sets that share something, those in doubt first; nothing where none do."""
    found = in_force(workspace().together.overlaps())
    if any(item.remote for item in datasets):
        for line in wording().apart_texts(datasets, language, esc):
            st.info(line, icon=":material/difference:")
    if not found:
        return
    st.header(t("together.title", language), anchor=False)
    st.caption(t("together.lead", language))
    names = wording().names_of(datasets)
    ordered = sorted(found, key=lambda one: (one.doubt is None or one.chosen, not one.is_version))
    for overlap in ordered[:_MOST]:
        _pair(overlap, names, language)
    if rest := ordered[_MOST:]:
        title = t("together.more", language, count=len(rest))
        folded = st.expander(title, on_change="rerun", key="together_more")
        if folded.open:
            with folded:
                for overlap in rest:
                    _pair(overlap, names, language)


def counted_lines(language: str) -> list[str]:
    """How what data sets share is counted, a sentence a pair; safe as markdown."""
    space = workspace()
    found = in_force(space.together.overlaps())
    names = _shown(wording().names_of(space.datasets())) if found else {}
    lines = [wording().counted_text(overlap, names, language) for overlap in found]
    if any(item.remote for item in space.datasets()):
        lines += wording().apart_texts(space.datasets(), language, esc)
    return lines


def unread_lines(language: str) -> list[str]:
    """The logs of events that tell of no message, a sentence each; safe as markdown."""
    ids = [name for part in parts_of(engine()) for name in unread_logs(part)]
    names = _shown(wording().names_of(workspace().datasets())) if ids else {}
    return [t("channels.unread_log", language, name=names.get(one, one)) for one in ids]


def wording() -> ModuleType:
    """`findings.together`, loaded only where there is something to say."""
    # Findings bring the library of workbooks, half a second of a page's first draw.
    from crm_metrics.findings import together as sentences  # noqa: PLC0415

    return sentences


def _shown(names: Mapping[str, str]) -> dict[str, str]:
    """Names of data sets and of unmapped columns, safe as markdown."""
    return {key: f"**{esc(name, limit=80)}**" for key, name in names.items()}


def _pair(overlap: Overlap, names: Mapping[str, str], language: str) -> None:
    key = "_".join(overlap.pair)
    with st.container(border=True, key=f"together_{key}"):
        said = wording().overlap_text(overlap, _shown(names), language)
        if overlap.doubt and not overlap.chosen:
            st.warning(said, icon=":material/help:")
        else:
            icon = "join_inner" if overlap.kind not in {"finer", "totals"} else "balance"
            st.markdown(f":material/{icon}: {said}")
        if len(overlap.options) > 1:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                _choice(overlap, names, key, language)
        if overlap.kind == "records":
            shown = st.expander(
                t("together.examples", language), on_change="rerun", key=f"shared_{key}"
            )
            if shown.open:
                with shown:
                    _records(overlap, names, key, language)


def _choice(overlap: Overlap, names: Mapping[str, str], key: str, language: str) -> None:
    # A key of its own for each answer: "as suggested" has to show what was suggested.
    widget = f"how_{key}_{overlap.how}_{language}"
    options = list(overlap.options)
    st.selectbox(
        t("together.how_label", language),
        options,
        index=options.index(overlap.how),
        format_func=lambda how: _capital(wording().how_text(overlap, how, names, language)),
        key=widget,
        on_change=boundary()(_settle),
        args=(overlap, widget),
        width=520,
    )
    if overlap.chosen:
        st.button(
            t("together.take_back", language),
            icon=":material/undo:",
            key=f"take_back_{key}",
            on_click=boundary()(workspace().together.settle),
            args=(overlap, None),
        )


def _settle(overlap: Overlap, widget: str) -> None:
    how: How = st.session_state[widget]
    workspace().together.settle(overlap, how)


def _records(overlap: Overlap, names: Mapping[str, str], key: str, language: str) -> None:
    """Examples of the shared records, and all of them to take home; personal data masked."""
    some = workspace().together.shared(overlap, _EXAMPLES)
    fields = _fields_shown(some, overlap)
    headers = [t("together.file", language), t("together.line", language)]
    headers += [field_word(name, language) for name in fields]
    st.caption(t("together.example_note", language))
    rows = _masked(some, fields[:_FIRST_COLUMNS], names)
    st.dataframe(
        pa.Table.from_pylist([dict(zip(headers, row, strict=False)) for row in rows]),
        hide_index=True,
    )
    download_table(
        headers,
        lambda: _masked(workspace().together.shared(overlap), fields, names),
        language,
        name="shared_records",
        key=f"download_{key}",
        label=t("together.download", language),
    )


def _fields_shown(rows: pa.Table, overlap: Overlap) -> list[str]:
    """The key first, then the other fields of the records."""
    known = [name for name in (*overlap.key, *overlap.beside) if name in rows.column_names]
    return [*known, *(n for n in rows.column_names if not n.startswith("__") and n not in known)]


def _masked(
    rows: pa.Table, fields: Sequence[str], names: Mapping[str, str]
) -> Iterator[tuple[str | int, ...]]:
    for row in rows.to_pylist():
        cells = (mask(row[name], name) for name in fields)
        yield names[row["__dataset"]], row[LINE], *cells


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
