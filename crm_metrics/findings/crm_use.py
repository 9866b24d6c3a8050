"""The use of the CRM in sentences: who is active, how much is recorded, what it stands on."""

from __future__ import annotations

from crm_metrics.findings.wording import estimate, field_name, flag_text, inside
from crm_metrics.metrics.crm_use import Registered, Use
from crm_metrics.metrics.derived import derived_named
from crm_metrics.texts import integer_text, percent_text, period_text, t


def use_sentences(use: Use, lang: str) -> list[str]:
    """What the users of the CRM did, and what is in no number."""
    values = {value.metric: value for value in use.values}
    said = []
    for key in ("active_user_share", "records_per_user_day", "comms_per_user_week"):
        value = values[key]
        if value.value is not None:
            shown = estimate(value, derived_named(key).unit, lang)
            said.append(t(f"crm_use.said_{key}", lang, value=shown))
    said += [base_sentence(use, lang), t("crm_use.quality", lang)]
    if use.machines:
        said.append(t("crm_use.machines", lang, n=integer_text(use.machines, lang)))
    if use.nameless:
        said.append(t("crm_use.nameless", lang, n=integer_text(use.nameless, lang)))
    return said


def base_sentence(use: Use, lang: str) -> str:
    """Whom the means are over, and over which days."""
    if use.start is None or use.end is None:
        return flag_text("no_days_of_users", lang)
    key = "licences" if use.base > use.users else "seen"
    return t(
        f"crm_use.base_{key}",
        lang,
        users=integer_text(use.users, lang),
        base=integer_text(use.base, lang),
        days=period_text((use.start, use.end), lang),
        weeks=integer_text(use.weeks, lang),
    )


def needs_sentence(use: Use, lang: str) -> str:
    """Which columns of activities would tell more; "" where none lack."""
    if not use.needs:
        return ""
    names = ", ".join(inside(field_name(name, lang)) for name in use.needs)
    return t("crm_use.needs", lang, names=names)


def registered_sentences(found: Registered, lang: str) -> list[str]:
    """How many sales of the books stand in the CRM, by number and by amount."""
    if found.value.value is None:
        return []
    said = [t("crm_use.said_registered", lang, value=estimate(found.value, "share", lang))]
    if found.amount is not None:
        said.append(t("crm_use.said_amount", lang, share=percent_text(found.amount, lang)))
    for name in ("only_books", "only_crm", "differing", "nameless"):
        count = getattr(found, name)
        if count:
            said.append(t(f"crm_use.{name}_orders", lang, n=integer_text(count, lang)))
    return said
