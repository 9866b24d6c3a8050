"""How often a result is looked at: once, a planned number of times (which of them), or whenever."""

from __future__ import annotations

import math

from crm_metrics.texts import t
from crm_metrics.ui.experiments.numbers import number, of_table
from crm_metrics.ui.experiments.ways import way_asked


def looks_asked(name: str, language: str, *, which: bool = False, table: str = "") -> str:
    """Ask how often: "once", "any", the number of planned looks, and `which` this is ("2/5").

    The answer is that of the `table` alone, as with everything that is asked by `way_asked`.
    """
    way = way_asked(name, "looks", ("once", "planned", "any"), language, table)
    if way != "planned":
        return way
    name = f"{name}_count"
    count = int(number(name, language, (2, 20), 5, 1, key=of_table(name, table)))
    return look_asked(count, language, table=table) if which else str(count)


def look_asked(count: int, language: str, *, table: str = "") -> str:
    """Ask which of the planned looks this is: "2/5", or "5" where nobody says."""
    meaning = t("experiments.look_help", language)
    key = of_table(f"look_{count}", table)
    look = number("look", language, (1, count), None, 1, meaning=meaning, key=key)
    return str(count) if math.isnan(look) else f"{int(look)}/{count}"
