"""Comments by theme: a dictionary, what it finds in answers, and what else people write."""

from __future__ import annotations

from crm_metrics.metrics.themes.counting import first_themes, themes
from crm_metrics.metrics.themes.dictionary import Dictionary, Theme, built_in, checked
from crm_metrics.metrics.themes.keeping import read_themes, themes_of_file, write_themes
from crm_metrics.metrics.themes.model import Account, Beside, Quote, Source, ThemeCount, Themes
from crm_metrics.metrics.themes.quotes import mentioning, quotes
from crm_metrics.metrics.themes.sources import asked_in, questions_of, sources_of

__all__ = [
    "Account",
    "Beside",
    "Dictionary",
    "Quote",
    "Source",
    "Theme",
    "ThemeCount",
    "Themes",
    "asked_in",
    "built_in",
    "checked",
    "first_themes",
    "mentioning",
    "questions_of",
    "quotes",
    "read_themes",
    "sources_of",
    "themes",
    "themes_of_file",
    "write_themes",
]
