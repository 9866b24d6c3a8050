"""How Excel shows a metric's value and its change, by unit."""

from __future__ import annotations

from crm_metrics.texts import t

LIFT_FORMAT = "+0.0%;\u22120.0%;0.0%"
_VALUES = {
    "points": "0.0",
    "money": "#,##0.00",
    "count": "#,##0",
    "seconds": "#,##0.0",
    "days": "0.0",
    "times": "#,##0.00",
    "score": "0.00",
}


def value_format(value: float | None, unit: str) -> str:
    """The format of a value as it is shown; small shares and durations get one more digit."""
    if unit == "share":
        return "0.00%" if value is not None and 0 < abs(value) < 0.0995 else "0.0%"
    if unit == "seconds" and value is not None and abs(value) < 10:
        return "0.00"
    return _VALUES.get(unit, "General")


def change_format(unit: str, lang: str) -> str:
    """The format of a change, signed; a change of shares is in points, never in per cent."""
    if unit == "count":
        digits = "#,##0"
    else:
        digits = "#,##0.0" if unit in ("points", "days", "seconds") else "#,##0.00"
    word = t(f"report.change_unit.{unit}", lang)
    ending = f'"\u00a0{word}"' if unit in ("share", "seconds") else ""
    return f"+{digits}{ending};\u2212{digits}{ending};{digits}{ending}"
