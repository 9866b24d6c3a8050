"""Dots with whiskers as SVG for a page that needs nothing else: rows above an axis of ticks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from crm_metrics.findings.ticks import Ticks, round_ticks

WIDTH, SIDE = 480, 42
"""Narrow, so that its words can be read on a phone as well; half a tick's words fit a side."""
_ROW, _AXIS, _LONGEST = 40, 26, 44
Row = tuple[str, float, float, float, str]
"""Label, value, its bounds, and the three in words."""


def whiskers(rows: Sequence[Row], ticks: Ticks, *, zero: bool = False, spoken: bool = True) -> str:
    """The picture, and its numbers in words below it unless not `spoken`; "" without rows."""
    if not rows:
        return ""
    low = min([row[2] for row in rows] + ([0.0] if zero else []))
    high = max([row[3] for row in rows] + ([0.0] if zero else []))
    scale = (WIDTH - 2 * SIDE) / ((high - low) or 1.0)
    foot = _ROW * len(rows)

    def at(value: float) -> str:
        return f"{SIDE + (value - low) * scale:.2f}"

    lines = []
    for tick in round_ticks(low, high):
        place, dash = at(tick), ' stroke-dasharray="4 3"' if zero and tick == 0 else ""
        faint = "" if dash else ' opacity=".3"'
        lines.append(
            f'<line x1="{place}" x2="{place}" y1="0" y2="{foot}" stroke="#888"{dash}{faint}/>'
            f'<text x="{place}" y="{foot + 17}" text-anchor="middle">{escape(ticks(tick))}</text>'
        )
    lines += [_dot(row, _ROW * place, at) for place, row in enumerate(rows)]
    said = "; ".join(f"{row[0]}: {row[4]}" for row in rows)
    return drawing(lines, foot + _AXIS, said) + (
        f"<p><small>{escape(said)}</small></p>" if spoken else ""
    )


def drawing(lines: Sequence[str], height: int, alt: str) -> str:
    """The SVG of a chart's parts, with what it shows in words."""
    begins = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(alt)}">'
    return "".join((begins, *lines, "</svg>"))


def shortened(label: str, longest: int) -> str:
    """A label of so many letters at most."""
    return label if len(label) <= longest else label[: longest - 1] + "…"


def _dot(row: Row, top: int, at: Callable[[float], str]) -> str:
    """A row: its label, and below it the dot."""
    label, value, least, most, said = row
    y = top + 28
    return (
        f'<g stroke="currentColor" fill="currentColor"><title>{escape(f"{label}: {said}")}'
        f'</title><line x1="{at(least)}" x2="{at(most)}" y1="{y}" y2="{y}" stroke-width="2"/>'
        f'<circle cx="{at(value)}" cy="{y}" r="5"/></g>'
        f'<text x="0" y="{top + 15}">{escape(shortened(label, _LONGEST))}</text>'
    )
