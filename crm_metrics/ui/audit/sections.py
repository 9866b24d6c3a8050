"""The sections of the Audit page, one at a time, in the address as `section`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crm_metrics.audit import Audit
from crm_metrics.metrics.ground import grains_of
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.audit.base import base_section
from crm_metrics.ui.audit.findings import findings_section
from crm_metrics.ui.audit.people import people_section
from crm_metrics.ui.audit.plan import plan_section
from crm_metrics.ui.audit.questions import questions_section
from crm_metrics.ui.audit.settings import settings_section
from crm_metrics.ui.audit.since import since_section
from crm_metrics.ui.filters import one_of


@dataclass(frozen=True, slots=True)
class Section:
    """What is drawn of the audit, and the grains of which one must be there; () any."""

    draw: Callable[[Audit, str], None]
    of: frozenset[str] = frozenset()


SECTIONS: Final = {
    "problems": Section(findings_section),
    "plan": Section(plan_section),
    "since": Section(since_section),
    "questionnaire": Section(questions_section),
    "crm_people": Section(people_section, of=frozenset({"activities"})),
    "base": Section(base_section, of=frozenset({"contacts"})),
    "thresholds": Section(settings_section),
}


def sections(found: Audit, language: str) -> None:
    """Draw the choice of a section and the one chosen."""
    known = cached.asked(grains_of)
    able = [key for key, one in SECTIONS.items() if not one.of or one.of & known]
    chosen = one_of(
        "section",
        t("channels.section", language),
        able,
        lambda key: t(f"audit.section.{key}", language),
        language=language,
        flat=True,
        named=False,
    )
    SECTIONS[chosen].draw(found, language)
