"""Themes counted: shares, scores beside them, changes, months; from one count of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from crm_metrics.metrics.comparing import compare_each
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.intervals import wilson
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.themes.beside import Scored, beside_all
from crm_metrics.metrics.themes.corpus import NOTHING, OTHER, RUSSIAN, Corpus, Ints
from crm_metrics.metrics.themes.dictionary import Dictionary
from crm_metrics.metrics.themes.matching import have_theme
from crm_metrics.metrics.themes.model import Account, PhraseCount, Source, ThemeCount, Themes
from crm_metrics.metrics.themes.phrases import phrases
from crm_metrics.metrics.themes.reading import Read, read
from crm_metrics.metrics.themes.sources import SCORES, Texts, asked_in, sources_of, texts_of

_SMALL: Final = 30
_OFTEN = 3
_NO_SCORE = -9


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Answers with a text, counted: a line is a text in a month with its scores.

    `text` is its place in the corpus, `answers` how many there are, nps and csat -1, 0, 1 or
    `_NO_SCORE`.
    """

    text: Ints
    month: NDArray[np.datetime64]
    scores: dict[str, Ints]
    answers: Ints
    blank: int


def themes(
    engine: Engine,
    source: Source,
    dictionary: Dictionary,
    filters: Filters | None = None,
    earlier: Filters | None = None,
) -> Themes:
    """What answers of a source speak of, by a dictionary; `earlier` is the period before.

    An answer mentions a theme once, whatever it repeats; it may mention several. The base of
    shares is the answers with a text in Russian or English that says something.
    """
    known = read(engine, source)
    texts = texts_of(engine, source, filters)
    cells = _cells(known.corpus, texts)
    account = _account(known.corpus, cells, elsewhere=texts.elsewhere)
    own = _counted(known, cells, dictionary, source.grain)
    before: dict[str, Value] = {}
    if earlier is not None:
        others = _cells(known.corpus, texts_of(engine, source, earlier))
        before = _counted(known, others, dictionary, source.grain).shares()
    counted = _by_theme(own, before)
    weights = np.bincount(cells.text, cells.answers, len(known.corpus.names)).astype(np.int64)
    found = phrases(known.corpus, weights, known.matches(dictionary).covered)
    n = account.texts
    low = own.low
    return Themes(
        source=source,
        account=account,
        themes=tuple(sorted(counted, key=lambda one: (-one.share.components["x"], one.theme))),
        untold=share("no_theme_share", own.sum(own.masks == 0), n, source.grain) if n else None,
        phrases=tuple(
            PhraseCount(
                one.phrase, share("phrase_share", one.answers, n, source.grain, phrase=one.phrase)
            )
            for one in found
        ),
        mentions=sum(int(one.share.components["x"]) for one in counted),
        low=None if low is None else own.sum(low),
    )


def first_themes(
    engine: Engine, dictionary: Dictionary, filters: Filters | None = None
) -> Themes | None:
    """The themes of the first place that holds texts; None where none does, or nothing is said."""
    places = sources_of(engine)
    if not places:
        return None
    source, kept = asked_in(engine, places[0], filters or Filters())
    found = themes(engine, source, dictionary, kept)
    return found if found.account.texts else None


def share(key: str, x: int, n: int, grain: str, **group: str) -> Value:
    """The share x of n as a value of a metric, by Wilson."""
    low, high = (one[0] for one in wilson(np.array([float(x)]), np.array([float(n)])))
    numbers = numbers_of(x / n if n else np.nan, low, high)
    flags = ("no_data",) if not n else ("small_n",) if n < _SMALL else ()
    sums = {"x": float(x), "n": float(n)}
    return worked_out(key, sums, numbers, grain=grain, group=group, flags=flags)


@dataclass(frozen=True, eq=False, slots=True)
class _Counted:
    """Cells of answers that count, with the bits of their themes and which mention each."""

    grain: str
    masks: NDArray[np.uint64]
    has: dict[str, NDArray[np.bool_]]
    month: NDArray[np.datetime64]
    scores: dict[str, Ints]
    answers: Ints

    @property
    def n(self) -> int:
        """How many answers there are."""
        return int(self.answers.sum())

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Whether a cell's answers have a score of any kind."""
        found = np.zeros(len(self.answers), dtype=bool)
        for own in self.scores.values():
            found |= own != _NO_SCORE
        return found

    @property
    def low(self) -> NDArray[np.bool_] | None:
        """Whether a cell's answers have a low score; None where none has any."""
        found = np.zeros(len(self.answers), dtype=bool)
        for own in self.scores.values():
            found |= own == -1
        return found if self.scored.any() else None

    def sum(self, kept: NDArray[np.bool_]) -> int:
        """How many answers such cells hold."""
        return int(self.answers[kept].sum())

    def shares(self) -> dict[str, Value]:
        """Each theme's share of the answers; nothing where there are none."""
        if not self.n:
            return {}
        return {
            key: share("theme_share", self.sum(one), self.n, self.grain, theme=key)
            for key, one in self.has.items()
        }


def _cells(corpus: Corpus, texts: Texts) -> Cells:
    table = texts.table
    rows = table.select(
        "name",
        month=table.day.truncate("M"),
        nps=table.nps,
        csat=table.csat,
        has=table.name.notnull(),
    )
    counted = rows.group_by("name", "month", "nps", "csat", "has").aggregate(answers=rows.count())
    found = counted.to_pyarrow()
    answers = _ints(found, "answers", 0)
    has = found.column("has").to_numpy().astype(bool)
    names = _ints(found, "name", 0)[has].view(np.uint64)
    months = found.column("month").to_numpy().astype("datetime64[M]")[has]
    return Cells(
        text=np.searchsorted(corpus.names, names),
        month=months,
        scores={
            name: _ints(found, name, _NO_SCORE)[has] for name in SCORES if name in texts.scores
        },
        answers=answers[has],
        blank=int(answers[~has].sum()),
    )


def _ints(found: pa.Table, name: str, absent: int) -> Ints:
    return found.column(name).fill_null(absent).to_numpy().astype(np.int64)


def _account(corpus: Corpus, cells: Cells, *, elsewhere: bool) -> Account:
    kinds = np.bincount(corpus.kinds[cells.text], cells.answers, 4).astype(int).tolist()
    return Account(
        answers=sum(kinds) + cells.blank,
        texts=sum(kinds) - kinds[NOTHING] - kinds[OTHER],
        russian=kinds[RUSSIAN],
        blank=cells.blank,
        nothing=kinds[NOTHING],
        other=kinds[OTHER],
        elsewhere=elsewhere,
    )


def _counted(known: Read, cells: Cells, dictionary: Dictionary, grain: str) -> _Counted:
    kept = known.corpus.counts[cells.text]
    masks = known.matches(dictionary).masks[cells.text][kept]
    return _Counted(
        grain=grain,
        masks=masks,
        has={theme.key: have_theme(masks, bit) for bit, theme in enumerate(dictionary)},
        month=cells.month[kept],
        scores={name: one[kept] for name, one in cells.scores.items()},
        answers=cells.answers[kept],
    )


def _by_theme(own: _Counted, before: dict[str, Value]) -> list[ThemeCount]:
    shares, low, months = own.shares(), own.low, _months(own)
    earlier = [key for key in shares if key in before]
    changes = dict(
        zip(earlier, compare_each([(shares[key], before[key]) for key in earlier]), strict=True)
    )
    mentioned = {key: own.has[key] for key, one in shares.items() if one.components["x"]}
    beside = beside_all(Scored(own.scores, own.answers), mentioned, own.grain)
    found = []
    for key, one in shares.items():
        negative, complaints = (None, None) if low is None else _of_low(own, key, low)
        found.append(
            ThemeCount(
                theme=key,
                share=one,
                before=before.get(key),
                change=changes.get(key),
                beside=beside.get(key, ()),
                negative=negative,
                complaints=complaints,
                months=months[key],
                often=_often(own, key),
            )
        )
    return found


def _of_low(own: _Counted, key: str, low: NDArray[np.bool_]) -> tuple[Value, Value]:
    """The low among the theme's scored answers, and the theme's among the low ones."""
    one = own.has[key]
    x = own.sum(one & low)
    bases = {"neg_share": one & own.scored, "complaint_theme_share": low}
    negative, complaints = (
        share(metric, x, own.sum(base), own.grain, theme=key) for metric, base in bases.items()
    )
    return negative, complaints


def _months(own: _Counted) -> dict[str, tuple[tuple[date, Value], ...]]:
    """Each theme's share in every month."""
    dated = ~np.isnat(own.month)
    months, which = np.unique(own.month[dated], return_inverse=True)
    days = months.astype("datetime64[D]").tolist()
    n = np.bincount(which, own.answers[dated], len(days))
    found = {}
    for key, one in own.has.items():
        x = np.bincount(which, (own.answers * one)[dated], len(days))
        found[key] = tuple(
            (day, share("theme_share", int(some), int(of), own.grain, theme=key))
            for day, some, of in zip(days, x, n, strict=True)
        )
    return found


def _often(own: _Counted, key: str) -> tuple[tuple[str, int], ...]:
    both = [(own.sum(one & own.has[key]), other) for other, one in own.has.items() if other != key]
    ranked = sorted((-count, other) for count, other in both if count)
    return tuple((other, -count) for count, other in ranked[:_OFTEN])
