"""Text becomes typed facts by a recipe per column; what does not parse is kept."""

from __future__ import annotations

from crm_metrics.facts.building import build
from crm_metrics.facts.masking import mask, mask_line
from crm_metrics.facts.model import Facts, Recipe

__all__ = ["Facts", "Recipe", "build", "mask", "mask_line"]
