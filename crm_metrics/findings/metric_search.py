"""Metrics by the names that people use, with what an ambiguous name may mean said aloud."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process

from crm_metrics.errors import NotFoundError
from crm_metrics.findings.wording import metric_name
from crm_metrics.metrics import CATALOGUE, metric_named
from crm_metrics.metrics.contact_rate import CONTACT_RATE
from crm_metrics.metrics.names import Name, names
from crm_metrics.texts import LANGUAGES, t

_CLOSE = 84  # of 100, rapidfuzz.ratio: one wrong letter of six
_SHORT = 5  # names under so many letters are not corrected: one letter makes another metric
_MOST = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A name and what it may mean.

    `metrics` are keys of the catalogue, the likeliest first; `not_yet` keys of metrics that it also
    means and that are not computed yet; `said` tells several meanings apart, None where there is
    one.
    """

    name: str
    metrics: tuple[str, ...]
    not_yet: tuple[str, ...] = ()
    said: str | None = None


def search(text: str, lang: str) -> tuple[Found, ...]:
    """The names that fit: the one typed, those with its words, or else the nearest in spelling.

    Case, ё, spaces and hyphens do not matter, and names of both languages are known. Empty where
    nothing fits.
    """
    typed = squeezed(text)
    known = _index(lang)
    if not typed:
        return ()
    if typed not in known:
        return _with_words(text, lang) or _near(typed, lang)
    exact = known[typed]
    if exact.said:
        return (exact,)
    others = (found for found in _with_words(text, lang) if not _same(found, exact))
    return (exact, *others)[:_MOST]


def metric_meant(text: str, lang: str) -> str:
    """The key of the one metric that a key or a name means.

    Raises NotFoundError: several_metrics with the meanings, metric_not_yet, and what
    `metric_named` raises, with the nearest name where one is near.
    """
    if text in _declared():
        return text
    found = _index(lang).get(squeezed(text))
    if found is None:
        near = _near(squeezed(text), lang)
        if near:
            raise NotFoundError("unknown_metric", metric=text, near=near[0].name)
        return metric_named(text).key
    if not found.metrics:
        raise NotFoundError("metric_not_yet", name=text)
    if len(found.metrics) + len(found.not_yet) > 1:
        meanings = "; ".join(f"{metric_name(key, lang)} ({key})" for key in found.metrics)
        said = found.said or t("metric_search.several", lang)
        raise NotFoundError("several_metrics", name=text, meanings=meanings, said=said)
    return found.metrics[0]


def squeezed(text: str) -> str:
    """A name as it is compared: its letters and digits alone, in lower case, ё as е."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold().replace("ё", "е"))


def _with_words(text: str, lang: str) -> tuple[Found, ...]:
    """Names in which each typed word begins a word, the shortest first."""
    asked = _words(text)
    fitting: list[Found] = []
    for found, own in _by_length(lang):
        begun = all(any(word.startswith(part) for word in own) for part in asked)
        if begun and not any(_same(found, other) for other in fitting):
            fitting.append(found)
    return tuple(fitting[:_MOST])


@cache
def _by_length(lang: str) -> tuple[tuple[Found, list[str]], ...]:
    """All names with their words, the shortest first."""
    known = sorted(_index(lang).values(), key=lambda found: len(found.name))
    return tuple((found, _words(found.name)) for found in known)


def _near(typed: str, lang: str) -> tuple[Found, ...]:
    """The names of the nearest spelling."""
    if len(typed) < _SHORT:
        return ()
    known = _index(lang)
    close = process.extract(
        typed, known.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=_MOST
    )
    best: list[Found] = []
    for spelling, score, _ in close:
        same = any(_same(known[spelling], other) for other in best)
        if score == close[0][1] and not same:
            best.append(known[spelling])
    return tuple(best)


def _same(one: Found, other: Found) -> bool:
    return (one.metrics, one.not_yet) == (other.metrics, other.not_yet)


@cache
def _index(lang: str) -> dict[str, Found]:
    """What each squeezed name means: metrics' keys and own names, and what people call them."""
    languages = (lang, *(other for other in LANGUAGES if other != lang))
    index = {squeezed(key): Found(metric_name(key, lang), (key,)) for key in _declared()}
    own: dict[str, Found] = {}
    for language in languages:
        for key in _declared():
            for spelling in own_names(key, language):
                before = own.get(squeezed(spelling), Found(spelling, ()))
                metrics = tuple(dict.fromkeys((*before.metrics, key)))
                own[squeezed(spelling)] = replace(before, metrics=metrics)
    called: dict[str, Found] = {}
    for language in languages:
        for name in names():
            for spelling in name.spellings[language]:
                called.setdefault(squeezed(spelling), _found(name, spelling, lang))
    for place, found in called.items():
        metrics = (*found.metrics, *(own[place].metrics if place in own else ()))
        called[place] = replace(found, metrics=tuple(dict.fromkeys(metrics)))
    return index | own | called


def _found(name: Name, spelling: str, lang: str) -> Found:
    return Found(
        name=spelling,
        metrics=tuple(key for key in name.metrics if key in _declared()),
        not_yet=tuple(key for key in name.metrics if key not in _declared()),
        said=name.said.get(lang),
    )


@cache
def _declared() -> dict[str, None]:
    return dict.fromkeys((*(metric.key for metric in CATALOGUE), CONTACT_RATE))


def own_names(key: str, lang: str) -> tuple[str, ...]:
    """A metric's name, short name, and the name without and in its brackets."""
    name, short = (t(f"metric.{key}.{part}", lang) for part in ("name", "short"))
    bare = re.sub(r"\s*\(.*?\)", "", name)
    inside = [
        word for word in re.findall(r"\((.*?)\)", name) if re.fullmatch(r"[A-ZА-Я]{3,}", word)
    ]
    return tuple(dict.fromkeys((name, bare, short, *inside)))
