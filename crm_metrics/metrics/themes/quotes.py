"""Comments that mention a theme: a few to read, and all of them to take away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from crm_metrics.facts.masking import mask_text
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.themes.corpus import Ints, corpus_of
from crm_metrics.metrics.themes.dictionary import Dictionary, Theme
from crm_metrics.metrics.themes.matching import Index, have_theme, mentions
from crm_metrics.metrics.themes.model import Quote, Source
from crm_metrics.metrics.themes.reading import Read, read
from crm_metrics.metrics.themes.sources import in_parts, texts_of
from crm_metrics.metrics.themes.words import placed

MOST = 8
_SHORT, _LONG = 20, 240
_LOOKED_UP = 500
_SHOWN = ("name", "text", "day", "channel", "score")
_ORDER = ("dated", "day", "text", "channel", "score")
_AT_ONCE = 10_000
Line = tuple[date | None, str | None, float | None, str]


def quotes(
    engine: Engine,
    source: Source,
    theme: Theme,
    filters: Filters | None = None,
    most: int = MOST,
) -> tuple[Quote, ...]:
    """Some of the comments that mention a theme, masked; the same ones each time.

    They are drawn by their names, which say nothing of what they hold: those of 20 to 240 letters
    first. A longer one is cut around the theme's first word.
    """
    known = read(engine, source)
    table = texts_of(engine, source, filters).table
    found: list[Quote] = []
    for start in range(0, len(names := _drawn(known, theme)), _LOOKED_UP):
        chosen = names[start : start + _LOOKED_UP].tolist()
        lines = table.filter(table.name.isin(chosen)).select(*_SHOWN).to_pyarrow().to_pylist()
        by_name: dict[int, dict[str, Any]] = {}
        for line in sorted(lines, key=_place):
            by_name.setdefault(line["name"], line)
        found += [_quote(by_name[name], theme) for name in chosen if name in by_name]
        if len(found) >= most:
            break
    return tuple(found[:most])


def mentioning(
    engine: Engine,
    source: Source,
    theme: Theme,
    filters: Filters | None = None,
    *,
    masked: bool = True,
) -> Iterator[Line]:
    """Every answer that mentions the theme: its day, channel, score and text, the oldest first.

    Those without a day stand before all others.
    """
    names = np.sort(_drawn(read(engine, source), theme))
    rows = texts_of(engine, source, filters).table
    kept = []
    for part in in_parts(engine, source, rows):
        found = part.select(*_SHOWN).to_pyarrow()
        kept.append(found.filter(np.isin(found.column("name").to_numpy(), names)))
    # By all that is shown, and over all parts: rows lie in their files in no order.
    lines = pa.concat_tables(kept, promote_options="permissive")
    lines = lines.append_column("dated", pc.is_valid(lines["day"]))
    order = pc.sort_indices(lines, sort_keys=[(name, "ascending") for name in _ORDER])
    for batch in lines.take(order).to_batches(max_chunksize=_AT_ONCE):
        for line in batch.to_pylist():
            text = mask_text(line["text"]) if masked else line["text"]
            yield line["day"], line["channel"], line["score"], text


def lines_of(
    engine: Engine,
    source: Source,
    dictionary: Dictionary,
    theme: str | None,
    filters: Filters | None = None,
) -> tuple[NDArray[np.object_], Ints]:
    """The data set and the line of every answer that mentions a theme; None: that mentions none."""
    known = read(engine, source)
    masks = known.matches(dictionary).masks
    if theme is None:
        counts = known.corpus.counts & (masks == 0)
    else:
        counts = have_theme(masks, [one.key for one in dictionary].index(theme))
    names = known.corpus.names[counts].view(np.int64)
    rows = texts_of(engine, source, filters).table
    found = rows.filter(rows.name.notnull()).select("name", "file", "line").to_pyarrow()
    found = found.filter(np.isin(found.column("name").to_numpy(), names))
    files, lines = (found.column(name).to_numpy(zero_copy_only=False) for name in ("file", "line"))
    return files, lines


def _drawn(known: Read, theme: Theme) -> Ints:
    """The names of the texts that mention the theme, in the order that quotes are drawn in."""
    starts, _ = mentions(known.index, theme)
    corpus = known.corpus
    texts = np.unique(corpus.texts_of(starts))
    texts = texts[corpus.counts[texts]]
    size = corpus.sizes[texts]
    order = np.lexsort((corpus.names[texts], (size < _SHORT) | (size > _LONG)))
    return corpus.names[texts[order]].view(np.int64)


def _place(line: dict[str, Any]) -> tuple[str, str, float]:
    score = -1.0 if line["score"] is None else line["score"]
    return str(line["day"]), str(line["channel"]), score


def _quote(line: dict[str, Any], theme: Theme) -> Quote:
    text = " ".join(mask_text(line["text"]).split())
    spans = _spans(text, theme)
    text, spans = _cut(text, spans)
    return Quote(text, spans, line["day"], line["channel"], line["score"])


def _spans(text: str, theme: Theme) -> tuple[tuple[int, int], ...]:
    """Where the theme's words stand in a text, those that overlap as one."""
    index = Index(corpus_of([(0, text)]))
    at = placed(text)
    found: list[tuple[int, int]] = []
    for first, after in zip(*mentions(index, theme), strict=True):
        start, end = at[first][1], at[after - 1][2]
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _cut(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A long text around its first span, with marks where it is cut."""
    if len(text) <= _LONG:
        return text, spans
    first = spans[0][0] if spans else 0
    start = max(min(first - _LONG // 3, len(text) - _LONG), 0)
    start = text.find(" ", start) + 1 if start else 0
    end = text.rfind(" ", start, start + _LONG) if start + _LONG < len(text) else len(text)
    end = end if end > start else start + _LONG
    head, tail = ("… " if start else ""), (" …" if end < len(text) else "")
    moved = len(head) - start
    kept = tuple((a + moved, b + moved) for a, b in spans if a >= start and b <= end)
    return f"{head}{text[start:end]}{tail}", kept
