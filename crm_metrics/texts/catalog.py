"""The catalogue of texts: one TOML file per language, nested keys, plural forms as tables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale
from babel.numbers import format_decimal

from crm_metrics.errors import CrmMetricsError

LANGUAGES: Final = ("ru", "en")
_PLURAL_FORMS: Final = frozenset({"one", "few", "many", "other"})


def t(key: str, lang: str, **params: object) -> str:
    """The text of `key` in `lang`, filled with `params`.

    A table of plural forms (one, few, many, other) is chosen by the integer parameter `count`.
    Raises KeyError where a key or a placeholder is missing: a test holds both languages complete.
    """
    entry = texts_of(lang)[key]
    if isinstance(entry, dict):
        count = params["count"]
        form = Locale(lang).plural_form(abs(count) if isinstance(count, int | float) else 0)
        entry = entry.get(form) or entry["other"]
    return (
        entry.format(**_shown(params, lang))
        if params
        else entry.replace("{{", "{").replace("}}", "}")
    )


def error_text(error: CrmMetricsError, lang: str) -> str:
    """The sentence of an error, on one line; where it has none, that the program itself failed."""
    params = {
        name: " ".join(value.split()) if isinstance(value, str) else value
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


def _shown(params: dict[str, object], lang: str) -> dict[str, object]:
    return {
        name: format_decimal(value, "#,##0", locale=lang) if type(value) is int else value
        for name, value in params.items()
    }


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
