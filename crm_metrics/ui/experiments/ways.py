"""One of a few ways to plan or to measure a test, asked anew for each table."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.texts import t
from crm_metrics.ui.filters import one_of


def way_asked(name: str, shown: str, ways: Sequence[str], language: str, table: str) -> str:
    """Ask for one of the ways, called `experiments.<shown>_<way>`; another table begins anew."""
    return one_of(
        name,
        t(f"experiments.{shown}", language),
        [f"{table}-{way}" if table else way for way in ways],
        lambda option: t(f"experiments.{shown}_{option.rpartition('-')[2]}", language),
        language=language,
        meaning=t(f"experiments.{shown}_help", language),
    ).rpartition("-")[2]
