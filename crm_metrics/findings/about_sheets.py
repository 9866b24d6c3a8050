"""The tables that say what the numbers stand on: method, gaps, sources, columns, filters, words."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.findings.report import Report
from crm_metrics.findings.segments import segment_text
from crm_metrics.findings.sheet import Cell, Heading, Sheet, headings_of, sheet_of, text_or
from crm_metrics.findings.wording import channel_name, field_name, metric_name
from crm_metrics.intake.table import REASONS
from crm_metrics.schema import is_personal
from crm_metrics.texts import has, period_text, t


def method_sheet(report: Report) -> Sheet:
    """How each metric is computed."""
    lang = report.lang
    headings = headings_of(
        lang,
        "metric what formula variant grain interval minimum_n limit trap",
        number="minimum_n limit",
        long="what formula variant interval trap",
    )
    rows = tuple(
        (
            metric_name(row.metric, lang),
            text_or(f"metric.{row.metric}.help", "", lang),
            row.formula,
            text_or(f"variant.{row.variant}", row.variant, lang),
            text_or(f"grain.{row.grain}.name", row.grain, lang),
            t(f"report.interval.{row.kind}", lang),
            row.minimum_n,
            row.limit / 60 if row.limit is not None else None,
            text_or(f"metric.{row.metric}.trap", "", lang),
        )
        for row in report.methods
    )
    software = ", ".join(f"{name} {version}" for name, version in report.versions)
    return sheet_of(report, "method", headings, rows, software=software)


def missing_sheet(report: Report) -> Sheet:
    """The metrics that these data don't give, and the columns that would."""
    lang = report.lang
    headings = headings_of(lang, "metric grain needs", long="needs")
    rows = tuple(
        (
            metric_name(row.metric, lang),
            text_or(f"grain.{row.grain}.name", row.grain, lang),
            "; ".join(_need(need, lang) for need in row.needs) or t("report.needs_rows", lang),
        )
        for row in report.missing
    )
    return sheet_of(report, "missing", headings, rows)


def sources_sheet(report: Report) -> Sheet:
    """The files, with every line accounted for."""
    lang = report.lang
    counts = f"lines records {' '.join(REASONS)} repaired failed"
    headings = headings_of(
        lang,
        f"file table system export grain from to {counts} used sha256",
        number=counts,
        date="from to",
    )
    rows = tuple(
        (
            source.file_name,
            source.table,
            source.system or t("report.unrecognised", lang),
            source.export or "",
            text_or(f"grain.{source.grain}.name", source.grain or "", lang),
            source.period[0] if source.period else None,
            source.period[1] if source.period else None,
            source.lines,
            source.records,
            *(source.set_aside.get(reason, 0) for reason in REASONS),
            source.repaired,
            source.failed,
            _yes(source.used, lang),
            source.sha256,
        )
        for source in report.sources
    )
    return sheet_of(report, "sources", headings, rows)


def columns_sheet(report: Report) -> Sheet:
    """What each column of each file was understood to be."""
    lang = report.lang
    headings = headings_of(
        lang,
        "file table column field level parser date_order decimal failed personal",
        number="failed",
    )
    rows = tuple(
        (
            source.file_name,
            source.table,
            column.header,
            field_name(column.field, lang),
            t(f"report.level.{column.level}", lang),
            text_or(f"report.parser.{column.parser}", column.parser or "", lang),
            text_or(f"report.order.{column.date_order}", column.date_order or "", lang),
            column.decimal or "",
            column.failed,
            _yes(is_personal(column.field), lang),
        )
        for source in report.sources
        for column in source.columns
    )
    return sheet_of(report, "columns", headings, rows)


def filters_sheet(report: Report) -> Sheet:
    """Which facts count."""
    lang, filters = report.lang, report.filters
    channels = ", ".join(channel_name(name, lang) for name in filters.channels)
    everything = t("report.everything", lang)
    rows: list[tuple[Cell, ...]] = [
        (t("report.filter.period", lang), period_text(report.period, lang)),
        (t("report.filter.before", lang), period_text(report.before_period, lang)),
        (t("report.filter.channels", lang), channels or everything),
        (t("report.filter.campaigns", lang), ", ".join(filters.campaigns) or everything),
        (t("report.filter.first_reply", lang), report.limits.first_reply / 60),
    ]
    rows += [(field_name(key, lang), ", ".join(values)) for key, values in filters.equal]
    if filters.segment is not None:
        rows.append((t("segments.title", lang), segment_text(filters.segment, lang)))
    headings = headings_of(lang, "filter chosen", number="chosen", long="filter")
    return sheet_of(report, "filters", headings, tuple(rows))


def dictionary_sheet(report: Report, sheets: Sequence[Sheet]) -> Sheet:
    """What each column of the tables means."""
    lang = report.lang
    headings = headings_of(lang, "sheet column meaning", long="meaning")
    rows = tuple(
        (sheet.name, heading.title, _meaning(sheet, heading, lang))
        for sheet in sheets
        for heading in sheet.headings
    )
    return sheet_of(report, "dictionary", headings, rows)


def _meaning(sheet: Sheet, heading: Heading, lang: str) -> str:
    for key in (f"{heading.key}_in_{sheet.key}", heading.key):
        if has(f"report.meaning.{key}", lang):
            return t(f"report.meaning.{key}", lang)
    return t("report.meaning.component", lang, name=heading.key.removeprefix("part_"))


def _need(need: str, lang: str) -> str:
    return f" {t('report.or', lang)} ".join(field_name(key, lang) for key in need.split("|"))


def _yes(fact: bool, lang: str) -> str:  # noqa: FBT001 - the fact itself is what is worded
    return t("report.yes" if fact else "report.no", lang)
