"""Text becomes typed facts by a recipe per column; what does not parse is kept."""

from __future__ import annotations

from crm_metrics.facts.building import build
from crm_metrics.facts.counting import WordCounts, read_cells, word_counts
from crm_metrics.facts.masking import mask, mask_line
from crm_metrics.facts.model import Facts, Recipe

__all__ = [
    "Facts",
    "Recipe",
    "WordCounts",
    "build",
    "mask",
    "mask_line",
    "read_cells",
    "word_counts",
]
