"""The catalogue of texts: one TOML file per language, nested keys, plural forms as tables."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import localcontext
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale
from babel.numbers import format_decimal

from crm_metrics.errors import CrmMetricsError

LANGUAGES: Final = ("ru", "en")
_KINDS: Final = {"metric": "metric", "other": "metric", "needs": "field", "grain": "grain"}
_command_line: ContextVar[bool] = ContextVar("on_command_line", default=False)
_LONGEST: Final = 400  # digits: more than any float has before and after its point
_PLURAL_FORMS: Final = frozenset({"one", "few", "many", "other"})


@contextmanager
def on_command_line() -> Iterator[None]:
    """Within it a text that would send a person to a page names the command's option instead.

    Such words stand under `command_line`, by the key of the text in whose place they are.
    """
    before = _command_line.set(True)
    try:
        yield
    finally:
        _command_line.reset(before)


def t(key: str, lang: str, **params: object) -> str:
    """The text of `key` in `lang`, filled with `params`.

    A table of plural forms (one, few, many, other) is chosen by the integer parameter `count`.
    Raises KeyError where a key or a placeholder is missing: a test holds both languages complete.
    """
    texts = texts_of(lang)
    entry = texts[key]
    if _command_line.get():
        entry = texts.get(f"command_line.{key}", entry)
    if isinstance(entry, dict):
        count = params["count"]
        form = locale_of(lang).plural_form(abs(count) if isinstance(count, int | float) else 0)
        entry = entry.get(form) or entry["other"]
    return (
        entry.format(**_shown(params, lang))
        if params
        else entry.replace("{{", "{").replace("}}", "}")
    )


def error_text(error: CrmMetricsError, lang: str) -> str:
    """The sentence of an error, on one line; where it has none, that the program itself failed."""
    # An unknown metric stays as it was typed, beside the nearest key.
    kinds = {} if error.code in ("unknown_metric", "no_such_metric") else _KINDS
    params = {
        name: _in_words(kinds.get(name), value, lang) if isinstance(value, str) else _listed(value)
        for name, value in error.params.items()
    }
    try:
        return t(f"error.{error.code}", lang, **params)
    except KeyError:
        return t("error.unexpected", lang)


def has(key: str, lang: str) -> bool:
    """Whether there is such a text; for keys built from data (a metric, an error code)."""
    return key in texts_of(lang)


def keys(lang: str) -> frozenset[str]:
    """All keys of a language, a plural text counted once."""
    return frozenset(texts_of(lang))


def language_of(locale: str | None) -> str:
    """The product's language for a browser's or system's locale: Russian or else English."""
    return "ru" if (locale or "").lower().startswith("ru") else "en"


def in_full(write: Callable[..., str], *arguments: Any, **options: Any) -> str:
    """What Babel writes, with room for numbers longer than the 28 digits of a decimal."""
    with localcontext() as context:
        context.prec = _LONGEST
        return write(*arguments, **options)


@cache
def locale_of(lang: str) -> Locale:
    """A language's formats, looked up once: Babel does so for each number otherwise."""
    return Locale.parse(lang)


def _listed(value: object) -> object:
    """Alternatives of fields by their keys, as an option takes them; anything else as it is."""
    return ", ".join(value).replace("|", " | ") if isinstance(value, tuple) else value


def _in_words(kind: str | None, text: str, lang: str) -> str:
    """A text of one line; keys of metrics or fields in it as the pages name them."""
    line = " ".join(text.split())
    if kind is None:
        return line
    words = ((f"{kind}.{part}.name", part) for part in line.split(", "))
    return ", ".join(t(key, lang) if has(key, lang) else part for key, part in words)


def _shown(params: dict[str, object], lang: str) -> dict[str, object]:
    return {name: _number_or(value, lang) for name, value in params.items()}


def _number_or(value: object, lang: str) -> object:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    pattern = "#,##0.####" if isinstance(value, float) else "#,##0"
    return in_full(format_decimal, value, pattern, locale=locale_of(lang))


@cache
def texts_of(lang: str) -> dict[str, str | dict[str, str]]:
    """Every text of a language by its key; a plural text is a dict of its forms."""
    if lang not in LANGUAGES:
        raise KeyError(lang)
    source = files(__package__).joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return dict(_flattened(tomllib.loads(source), ""))


def _flattened(tree: dict[str, Any], prefix: str) -> Iterator[tuple[str, str | dict[str, str]]]:
    for name, entry in tree.items():
        if isinstance(entry, dict) and not (set(entry) <= _PLURAL_FORMS and "other" in entry):
            yield from _flattened(entry, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", entry
