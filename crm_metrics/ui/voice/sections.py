"""The sections of the Voice page: each proves a part of its answer."""

from __future__ import annotations

from typing import Final

from crm_metrics.ui.metrics.details import Section
from crm_metrics.ui.voice.link import link_section
from crm_metrics.ui.voice.questions import questions_section
from crm_metrics.ui.voice.themes import themes_section

_SURVEYS = frozenset({"surveys"})
SECTIONS: Final = {
    "questions": Section(questions_section, of=_SURVEYS),
    "link": Section(link_section),
    "themes": Section(themes_section),
}
PARTS: Final = ("leaders", "course", "groups", "references")
