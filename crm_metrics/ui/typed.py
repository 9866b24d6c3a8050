"""Numbers and words that a person types, kept as choices are: in the session and in the address."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import streamlit as st

from crm_metrics.texts import decimal_text, t
from crm_metrics.ui.address import keep, kept, widget_key
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import lang
from crm_metrics.ui.widgets import DATE_FORMAT

Width = int | Literal["stretch"]
_GREATEST = 2**53 - 1
"""The browser knows no greater whole number, and the input refuses it."""


def number_kept(
    name: str,
    label: str,
    *,
    default: float,
    bounds: tuple[float, float],
    step: float,
    meaning: str | None = None,
) -> float:
    """Ask for a number that lives in the address, unless it is the default.

    One outside of the bounds counts as the nearest that is allowed, and a sentence says so: the
    input's own complaint is English in every language. A whole `step` asks for a whole number.
    """
    typed = _asked(name, label, default=default, step=step, meaning=meaning)
    value = default if typed is None else typed
    keep(name, [_written(value)] if value != default else [])
    return nearest_of(value, label, bounds)


def nearest_of(value: float, label: str, bounds: tuple[float, float]) -> float:
    """The number, or the nearest that is allowed, and then a sentence says so.

    For an input without bounds of its own: its complaint would be English in every language.
    """
    used = min(max(value, bounds[0]), bounds[1])
    if used != value:
        _outside("typed.nearest", label, bounds, used=used)
    return used


def number_or_none(
    name: str,
    label: str,
    *,
    bounds: tuple[float, float],
    step: float,
    meaning: str | None = None,
    width: Width = 260,
) -> float | None:
    """Ask for a number that may stay open; one outside of the bounds counts as none, and is told.

    It lives in the address as `number_kept` does.
    """
    value = _asked(name, label, default=None, step=step, meaning=meaning, width=width)
    keep(name, [] if value is None else [_written(value)])
    if value is None or bounds[0] <= value <= bounds[1]:
        return value
    _outside("typed.nothing", label, bounds)
    return None


def moment_kept(name: str, label: str, *, language: str, meaning: str) -> datetime | None:
    """Ask for a day and an hour, which may stay open; it lives in the address in ISO's form."""
    known = _moment(kept(name))
    key = widget_key(name, language)
    if known is not None:
        # Put in afterwards, as with a number: else it can't be emptied any more.
        st.session_state.setdefault(key, known)
    typed: datetime | None = st.datetime_input(
        label, value=None, format=DATE_FORMAT[language], key=key, help=meaning, width=260
    )
    keep(name, [] if typed is None else [typed.isoformat(timespec="minutes")])
    return typed


def number_in_address(name: str, default: float, lowest: float, highest: float) -> float:
    """The number as it is now, also above the place where its input is drawn."""
    known = _number(kept(name))  # first: another address begins another input
    typed = st.session_state.get(_number_key(name))
    number = typed if typed is not None else known
    return min(max(number if number is not None else default, lowest), highest)


def text_kept(
    name: str,
    label: str,
    *,
    default: str = "",
    language: str = "",
    most: int,
    meaning: str | None = None,
    width: Width = 380,
) -> str:
    """Ask for a line of text that lives in the address, unless it is the default.

    `language` where the default is a word of a language: the other one begins with its own.
    """
    known = kept(name)
    typed = st.text_input(
        label,
        value=known[0][:most] if known else default,
        key=widget_key(name, language),
        max_chars=most,
        help=meaning,
        width=width,
    ).strip()
    keep(name, [typed] if typed and typed != default else [])
    return typed or default


def _asked(
    name: str,
    label: str,
    *,
    default: float | None,
    step: float,
    meaning: str | None,
    width: Width = 260,
) -> float | None:
    """Draw the input, without bounds of its own."""
    whole = isinstance(step, int)
    known = _number(kept(name))
    key = _number_key(name)
    start = default if known is None else known
    if start is not None:
        start = min(max(round(start) if whole else float(start), -_GREATEST), _GREATEST)
    if default is None:
        # An input that begins with a number can't be emptied any more: it is put in afterwards.
        if start is not None:
            st.session_state.setdefault(key, start)
        start = None
    numbers: dict[str, Any] = {"value": start, "step": step if whole else float(step)}
    return st.number_input(
        label,
        **numbers,
        format="%d" if whole else "%g",
        key=key,
        help=meaning,
        width=width,
    )


def _outside(
    key: str, label: str, bounds: tuple[float, float], *, used: float | None = None
) -> None:
    language = lang()
    said = {"low": _shown(bounds[0], language), "high": _shown(bounds[1], language)}
    if used is not None:
        said["used"] = _shown(used, language)
    st.warning(t(key, language, label=esc(label), **said), icon=":material/warning:")


def _shown(number: float, language: str) -> str:
    return decimal_text(number, language, len(_written(number).partition(".")[2]))


def _written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:.12g}"


def _number_key(name: str) -> str:
    return f"{widget_key(name)}_number"


def _moment(texts: Sequence[str]) -> datetime | None:
    try:
        return datetime.fromisoformat(texts[0]).replace(tzinfo=None)
    except (IndexError, ValueError):
        return None


def _number(texts: Sequence[str]) -> float | None:
    try:
        number = float(texts[0])
    except (IndexError, ValueError):
        return None
    return number if math.isfinite(number) else None
