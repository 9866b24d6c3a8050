"""Dots with whiskers as SVG for a page that needs nothing else: rows above an axis of ticks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from crm_metrics.findings.trial_numbers import exact_digits
from crm_metrics.texts import decimal_text, percent_text, points_text

_WIDTH, _LEFT, _ROW, _TOP, _AXIS = 640, 150, 34, 8, 26
_TICKS = 5
Row = tuple[str, float, float, float, str]
"""Label, value, its bounds, and the three in words."""
Ticks = Callable[[float], str]


def percent_ticks(lang: str) -> Ticks:
    """Shares as percentages."""
    return lambda value: percent_text(value, lang, exact_digits(round(100 * value, 9)))


def point_ticks(lang: str) -> Ticks:
    """Differences of shares in points, with their sign."""
    return lambda value: points_text(value, lang, exact_digits(round(100 * value, 9)))


def plain_ticks(lang: str) -> Ticks:
    """Amounts as they are."""
    return lambda value: decimal_text(value, lang, exact_digits(round(value, 9)))


def whiskers(rows: Sequence[Row], ticks: Ticks, *, zero: bool = False, spoken: bool = True) -> str:
    """The picture, and its numbers in words below it unless not `spoken`; "" without rows."""
    if not rows:
        return ""
    low = min([row[2] for row in rows] + ([0.0] if zero else []))
    high = max([row[3] for row in rows] + ([0.0] if zero else []))
    scale = (_WIDTH - _LEFT - 40) / ((high - low) or 1.0)
    foot = _TOP + _ROW * len(rows)

    def at(value: float) -> str:
        return f"{_LEFT + 10 + (value - low) * scale:.2f}"

    lines = []
    for tick in _round_ticks(low, high):
        place, dash = at(tick), ' stroke-dasharray="4 3"' if zero and tick == 0 else ""
        faint = "" if dash else ' opacity=".3"'
        lines.append(
            f'<line x1="{place}" x2="{place}" y1="0" y2="{foot}" stroke="#888"{dash}{faint}/>'
            f'<text x="{place}" y="{foot + 17}" text-anchor="middle">{escape(ticks(tick))}</text>'
        )
    lines += [_dot(row, _TOP + _ROW * place + _ROW / 2, at) for place, row in enumerate(rows)]
    said = "; ".join(f"{row[0]}: {row[4]}" for row in rows)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {foot + _AXIS}" role="img" aria-label="{escape(said)}">'
        + "".join(lines)
        + "</svg>"
        + (f"<p><small>{escape(said)}</small></p>" if spoken else "")
    )


def _dot(row: Row, y: float, at: Callable[[float], str]) -> str:
    label, value, least, most, said = row
    shown = label if len(label) <= 20 else label[:19] + "…"
    return (
        f'<g stroke="currentColor" fill="currentColor"><title>{escape(f"{label}: {said}")}'
        f'</title><line x1="{at(least)}" x2="{at(most)}" y1="{y}" y2="{y}" stroke-width="2"/>'
        f'<circle cx="{at(value)}" cy="{y}" r="5"/></g>'
        f'<text x="0" y="{y + 4}">{escape(shown)}</text>'
    )


def _round_ticks(low: float, high: float) -> list[float]:
    """Round numbers between the ends, 0 among them where it lies there: steps of 1, 2 or 5."""
    rough = (high - low) / _TICKS
    if rough <= 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(part * power for part in (1, 2, 5, 10) if part * power >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(count * step, 12) for count in range(first, last + 1)]
