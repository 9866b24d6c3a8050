"""Why something was suggested, in words; with a template, how the file differs from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def drift_lines(
    new: Iterable[str],
    missing: Iterable[str],
    renamed: Iterable[tuple[str, str]],
    lost: Iterable[str],
    lang: str,
    *,
    shown: Callable[[str], str] = str,
) -> list[str]:
    """How a file differs from its template, by header, and which metrics (keys) that costs."""
    lines = [
        t("template.renamed_name", lang, before=shown(before), now=shown(now))
        for before, now in renamed
    ]
    if names := ", ".join(map(shown, new)):
        lines.append(t("template.new_names", lang, columns=names))
    if names := ", ".join(map(shown, missing)):
        lines.append(t("template.missing_names", lang, columns=names))
    if names := ", ".join(dict.fromkeys(t(f"metric.{key}.name", lang) for key in lost)):
        lines.append(t("template.lost", lang, metrics=names))
    return lines


def _in_words(name: str, text: str, lang: str) -> str:
    if name == "saved":
        return date_text(date.fromisoformat(text), lang)
    if name == "field":
        return t(f"field.{text}.name", lang)
    return t(f"kind.{text}", lang) if name == "kind" else text
