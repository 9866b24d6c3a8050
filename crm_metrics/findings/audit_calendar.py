"""The plan's days as a calendar file: each open action that has one, and the next audit."""

from __future__ import annotations

from crm_metrics.audit.calendar import Day, calendar
from crm_metrics.audit.model import Audit
from crm_metrics.audit.plan import Plan
from crm_metrics.audit.remeasure import next_audit
from crm_metrics.facts.masking import mask_text
from crm_metrics.findings.audit_words import advice_text, check_name, count_text
from crm_metrics.texts import t


def plan_calendar(audit: Audit, plan: Plan, lang: str) -> bytes:
    """The .ics file of a plan, stamped with the audit's day.

    Calendars are shared: e-mails and phones in what a person typed are hidden.
    """
    found = {one.id: one for one in audit.findings}
    days = []
    for action in plan.actions:
        if not action.is_open or action.due is None:
            continue
        own = found.get(action.finding)
        title = check_name(action.check, action.scope, lang)
        if action.owner.strip():
            title = t("audit.calendar.title", lang, name=title, owner=action.owner.strip())
        lines = [count_text(own, lang), advice_text(own.check, lang)] if own else []
        details = "\n".join(line for line in (*lines, action.note) if line)
        days.append(Day(action.finding, action.due, mask_text(title), mask_text(details)))
    again = next_audit(audit.today)
    title, details = t("audit.calendar.again", lang), t("audit.calendar.again_why", lang)
    days.append(Day(f"audit-{again:%Y%m%d}", again, title, details))
    return calendar(days, stamp=audit.today, name=t("audit.calendar.name", lang))
