"""Why something was suggested, in words; with a template, how the file differs from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from crm_metrics.texts.catalog import t
from crm_metrics.texts.formats import date_text

_DRIFT: Final = ("new", "missing", "renamed")


def reason_text(
    code: str, params: Mapping[str, str], lang: str, *, shown: Callable[[str], str] = str
) -> str:
    """The sentence `why.<code>`: "Mapped as “Monthly”, as you saved on Nov 3; 2 new columns.".

    `shown` makes a parameter that comes from a file safe where the sentence will stand. Raises
    KeyError for a code without a sentence.
    """
    words = {name: shown(_in_words(name, text, lang)) for name, text in params.items()}
    sentence = t(f"why.{code}", lang, **words)
    counts = {name: int(params[name]) for name in _DRIFT if params.get(name, "").isdigit()}
    drift = [t(f"template.{name}", lang, count=count) for name, count in counts.items() if count]
    return f"{sentence.removesuffix('.')}; {', '.join(drift)}." if drift else sentence


def _in_words(name: str, text: str, lang: str) -> str:
    if name == "saved":
        return date_text(date.fromisoformat(text), lang)
    return t(f"kind.{text}", lang) if name == "kind" else text
