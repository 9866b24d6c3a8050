"""How fast versions are answered, as SVG: the share by each hour, a step at each answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from crm_metrics.charts import series_colors
from crm_metrics.experiments.beside import Waits
from crm_metrics.experiments.waits import answered_by, likely, mostly_early, thinned
from crm_metrics.findings.ticks import percent_ticks, plain_ticks, round_ticks
from crm_metrics.findings.trial_numbers import between_text
from crm_metrics.findings.whiskers import SIDE, WIDTH, drawing, shortened
from crm_metrics.texts import percent_text, t

_HEIGHT, _AXIS, _LEGEND = 260, 42, 22
_LONGEST = 22
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
Place = Callable[[float], float]
Moment = tuple[float, float, tuple[float, float] | None]
"""Hours, the share that has answered by then, and the ends of its likely range."""


def rising_curves(waits: Sequence[Waits], *, alpha: float, lang: str) -> str:
    """A step line for each version with its likely range, an axis of hours, a legend in numbers.

    "" where nobody has answered. The beginning takes more of the axis where most answers come then.
    """
    curves = {one.arm: _moments(one, alpha) for one in waits}
    whole = [moment for curve in curves.values() for moment in curve]
    if not whole:
        return ""
    end = max(hour for hour, _, _ in whole)
    most = max(part for _, share, ends in whole for part in (share, *(ends or ())))
    power = 0.5 if mostly_early(waits, end) else 1.0

    def x(hour: float) -> float:
        return SIDE + (WIDTH - 2 * SIDE) * (hour / end) ** power

    def y(share: float) -> float:
        return 8 + (_HEIGHT - 8) * (1 - share / most)

    colors = series_colors(list(curves))
    lines, said = _axes(end, most, x, y, lang), []
    for place, (arm, curve) in enumerate(curves.items()):
        words = _last(curve, lang)
        said.append(f"{arm}: {words}")
        color, dash = colors[arm], _DASHES[place % len(_DASHES)]
        style = f'stroke="{color}" stroke-width="2.5" fill="none" stroke-dasharray="{dash}"'
        foot = _HEIGHT + _AXIS + _LEGEND * place
        lines.append(_band(curve, x, y, color=color, end=end))
        shares = [(hour, share) for hour, share, _ in curve]
        lines.append(f'<path d="{_steps(shares, x, y, end)}" {style}/>')
        lines.append(f'<path d="M0 {foot + 10}h34" {style}/>')
        legend = f"{shortened(arm, _LONGEST)}: {words}"
        lines.append(f'<text x="42" y="{foot + 15}">{escape(legend)}</text>')
    height = _HEIGHT + _AXIS + _LEGEND * len(waits)
    alt = t("experiments.speed_alt", lang, values="; ".join(said))
    note = f"<p><small>{escape(t('experiments.speed_stretched', lang))}</small></p>"
    return drawing(lines, height, alt) + (note if power < 1 else "")


def _moments(one: Waits, alpha: float) -> list[Moment]:
    pairs = zip(answered_by(one), likely(one, alpha=alpha), strict=True)
    return [(hour, share, ends) for (hour, share), ends in pairs]


def _axes(end: float, most: float, x: Place, y: Place, lang: str) -> list[str]:
    shares, hours = percent_ticks(lang), plain_ticks(lang)
    lines = []
    for share in round_ticks(0, most):
        height = f"{y(share):.1f}"
        lines.append(
            f'<line x1="{SIDE}" x2="{WIDTH - SIDE}" y1="{height}" y2="{height}" stroke="#888"'
            f' opacity=".3"/><text x="{SIDE - 6}" y="{y(share) + 4:.1f}" text-anchor="end">'
            f"{escape(shares(share))}</text>"
        )
    lines += [
        f'<text x="{x(hour):.1f}" y="{_HEIGHT + 17}" text-anchor="middle">{hours(hour)}</text>'
        for hour in round_ticks(0, end)
    ]
    title = escape(t("experiments.speed_axis", lang))
    lines.append(f'<text x="{WIDTH / 2}" y="{_HEIGHT + 35}" text-anchor="middle">{title}</text>')
    return lines


def _steps(curve: Sequence[tuple[float, float]], x: Place, y: Place, end: float) -> str:
    """The path of a line that stays level up to each moment and rises there."""
    parts = [f"M{x(0):.1f} {y(0):.1f}"]
    parts += [f"H{x(curve[i][0]):.1f}V{y(curve[i][1]):.1f}" for i in thinned(len(curve))]
    return "".join((*parts, f"H{x(end):.1f}"))


def _band(curve: Sequence[Moment], x: Place, y: Place, *, color: str, end: float) -> str:
    """The likely range at each moment; nothing where it is undefined."""
    moments = [(hour, ends) for hour, _, ends in curve if ends is not None]
    if not moments:
        return ""
    shown = [moments[i] for i in thinned(len(moments))]
    low = _steps([(hour, ends[0]) for hour, ends in shown], x, y, end)
    back, after = [], end
    for hour, ends in reversed(shown):
        back.append(f"L{x(after):.1f} {y(ends[1]):.1f}L{x(hour):.1f} {y(ends[1]):.1f}")
        after = hour
    return f'<path d="{low}{"".join(back)}Z" fill="{color}" opacity=".14" stroke="none"/>'


def _last(curve: Sequence[Moment], lang: str) -> str:
    """The share that has answered at last, and its likely range."""
    if not curve:
        return percent_text(0.0, lang)
    _, share, ends = curve[-1]
    value = percent_text(share, lang, 1)
    if ends is None:
        return value
    low, high = (percent_text(part, lang, 1) for part in ends)
    return f"{value} ({between_text(low, high, lang)})"
