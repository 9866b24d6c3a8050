"""Themes: a name and the words and phrases by which a comment speaks of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final, Literal

from crm_metrics.errors import InputError
from crm_metrics.metrics.themes.words import is_word, normal, stems, tokens

MOST_THEMES: Final = 60  # a text's themes are the bits of one number
_LONGEST = 200
_MOST_WORDS = 400
_GAP = "..."
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

Sort = Literal["stem", "beginning", "form"]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its name in both languages, what it is known by, and where that does not count.

    A word stands for all its forms, "word*" for all that begins so, "=word" for this form alone;
    the words of a phrase stand side by side, around "..." up to three others may be between.
    """

    key: str
    name_ru: str
    name_en: str
    ru: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The theme's name in a language, or in the other where it has none."""
        own, other = (
            (self.name_ru, self.name_en) if language == "ru" else (self.name_en, self.name_ru)
        )
        return own or other


Dictionary = tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a phrase: how it is compared, and whether others may stand before it."""

    sort: Sort
    word: str
    far: bool = False


Phrase = tuple[Element, ...]


@cache
def built_in() -> Dictionary:
    """The themes that the product brings."""
    return themes_in(files(__package__).joinpath("dictionary.toml").read_text(encoding="utf-8"))


def themes_in(text: str) -> Dictionary:
    """The themes of a TOML text: tables `themes`, see dictionary.toml.

    Raises ValueError, KeyError or TypeError where it has another shape, and what `checked` raises.
    """
    return checked([_theme(one) for one in tomllib.loads(text)["themes"]])


def themes_text(dictionary: Sequence[Theme]) -> str:
    """The themes as TOML, as `themes_in` reads them."""
    parts = []
    for one in dictionary:
        lines = ["[[themes]]", f"key = {_quoted(one.key)}"]
        lines.append(f"name = {{ ru = {_quoted(one.name_ru)}, en = {_quoted(one.name_en)} }}")
        for field in ("ru", "en", "but"):
            words = getattr(one, field)
            if words:
                lines.append(f"{field} = [{', '.join(map(_quoted, words))}]")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def checked(themes: Iterable[Theme]) -> Dictionary:
    """The themes where comments can be counted by them.

    Raises InputError: "themes_none", "themes_many", "theme_name" for a theme without one or with a
    long one, "theme_words" for one without words, "theme_many_words", "theme_phrase" for a phrase
    without a word, "theme_key" for a key that is none, "theme_twice" for a key or name twice.
    """
    found = tuple(themes)
    if not found:
        raise InputError("themes_none")
    if len(found) > MOST_THEMES:
        raise InputError("themes_many", limit=MOST_THEMES)
    seen: set[str] = set()
    for one in found:
        own = one.name_ru or one.name_en
        if not own or max(len(one.name_ru), len(one.name_en)) > _LONGEST:
            raise InputError("theme_name", theme=own or one.key)
        if not _KEY.fullmatch(one.key):
            raise InputError("theme_key", theme=own)
        if not (one.ru or one.en):
            raise InputError("theme_words", theme=own)
        if len(one.ru) + len(one.en) + len(one.but) > _MOST_WORDS:
            raise InputError("theme_many_words", theme=own, limit=_MOST_WORDS)
        for written in (*one.ru, *one.en, *one.but):
            if len(written) > _LONGEST or not phrase(written):
                raise InputError("theme_phrase", theme=own, phrase=written[:_LONGEST])
        names = {f"key {one.key}"} | {
            f"{way} {name.casefold()}"
            for way, name in (("ru", one.name_ru), ("en", one.name_en))
            if name
        }
        if names & seen:
            raise InputError("theme_twice", theme=own)
        seen |= names
    return found


def own_key(name: str) -> str:
    """A key for a theme of the user's, the same for the same name."""
    return f"own_{sha256(name.casefold().encode()).hexdigest()[:12]}"


@cache
def phrase(written: str) -> Phrase:
    """What a phrase of the dictionary asks of a text, word by word; () where it has no word."""
    found: list[Element] = []
    far = False
    for part in normal(written).replace(_GAP, " … ").split():
        if part == "…":
            far = bool(found)
            continue
        for place, token in enumerate(one for one in tokens(part) if is_word(one)):
            own = far and place == 0
            if part.endswith("*"):
                found.append(Element("beginning", token, own))
            elif part.startswith("="):
                found.append(Element("form", token, own))
            else:
                found.append(Element("stem", stems([token])[0], own))
        far = False
    return tuple(found)


def _theme(one: dict[str, Any]) -> Theme:
    names = one["name"]
    words = {field: one.get(field, []) for field in ("ru", "en", "but")}
    for value in words.values():
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise TypeError(value)
    return Theme(
        key=str(one["key"]),
        name_ru=str(names.get("ru", "")).strip(),
        name_en=str(names.get("en", "")).strip(),
        **{field: tuple(part.strip() for part in value) for field, value in words.items()},
    )


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        f"\\u{ord(one):04x}" if ord(one) < 32 or ord(one) == 127 else one
        for one in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
