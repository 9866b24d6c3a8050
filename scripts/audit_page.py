"""The page of docs/ about the audit, made from the checks and the texts."""

from __future__ import annotations

from crm_metrics.audit import Check, Settings, catalogue, thresholds
from crm_metrics.findings.audit_words import meaning_text
from crm_metrics.texts import decimal_text, percent_text, t
from scripts.page_parts import fields, table

_SEVERITIES = (1, 2, 3)
_EXAMPLE = """```bash
python -m crm_metrics audit contacts.csv deals.csv activities.csv
python -m crm_metrics audit deals.csv --json --fail-on 1
python -m crm_metrics audit deals.csv --list deal_overdue --out overdue.csv
```"""


def page(lang: str) -> str:
    """The whole page in Markdown."""

    def word(key: str) -> str:
        return t(f"audit_page.{key}", lang)

    blocks = [f"# {word('title')}", word("intro"), word("made")]
    blocks += [f"## {word('command')}", _EXAMPLE, word("options")]
    blocks += [f"## {word('reading')}", word("finding"), word("today"), word("people")]
    blocks += [f"## {word('checks')}", word("checks_note")]
    for severity in _SEVERITIES:
        own = [check for check in catalogue() if check.severity == severity]
        blocks += [f"### {t(f'audit.severity.{severity}', lang)}", _table(own, lang)]
    blocks += [f"## {word('thresholds')}", word("thresholds_note"), _thresholds(lang)]
    return "\n\n".join(blocks) + "\n"


def _table(checks: list[Check], lang: str) -> str:
    """A row a check; one that is asked of several kinds of rows stands once."""
    names = ("check", "rows", "means", "needs", "advice")
    lines = []
    for key in dict.fromkeys(check.key for check in checks):
        own = [check for check in checks if check.key == key]
        first = own[0]
        grains = ", ".join(t(f"grain.{check.grain}.name", lang) for check in own)
        needs = dict.fromkeys(_needs(check, lang) for check in own)
        lines.append(
            (
                f"{t(f'audit.check.{key}.name', lang)} (`{key}`)",
                grains,
                meaning_text(first, Settings(), lang),
                " / ".join(needs),
                t(f"audit.check.{key}.advice", lang),
            )
        )
    return table([t(f"audit_page.column.{name}", lang) for name in names], lines)


def _needs(check: Check, lang: str) -> str:
    own = [fields(need, lang) for need in check.needs]
    for need in check.also:
        grain, _, of_grain = need.partition(".")
        name = t(f"grain.{grain}.name", lang)
        own.append(f"{name}: {fields(of_grain, lang)}" if of_grain else name)
    return "; ".join(own) or t("metric_page.needs_none", lang)


def _thresholds(lang: str) -> str:
    names = ("threshold", "default", "from", "to", "means")
    lines = []
    for one in thresholds().values():
        shown = [
            percent_text(value, lang) if one.unit == "share" else decimal_text(value, lang, 2)
            for value in (one.default, one.low, one.high)
        ]
        lines.append((f"`{one.key}`", *shown, t(f"audit.threshold.{one.key}", lang)))
    return table([t(f"audit_page.column.{name}", lang) for name in names], lines)
