"""A report from a workspace: the numbers of the Channels page, and what they stand on."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from crm_metrics.findings.audit_words import incomplete_text
from crm_metrics.findings.audited import Audited, with_audit
from crm_metrics.findings.compared import channel_rows, in_order
from crm_metrics.findings.held_against import Numbers, held_against
from crm_metrics.findings.number_sheets import whiskered
from crm_metrics.findings.people_sheet import PeopleValues, people_values
from crm_metrics.findings.report import ChannelRow, MethodRow, Period, Report, Sentence, TrendRow
from crm_metrics.findings.segments import chosen_by_text, segment_text
from crm_metrics.findings.sentences import Evidence, channel_sentences
from crm_metrics.findings.sources import source_rows
from crm_metrics.findings.together import money_texts, overlap_texts, zone_texts
from crm_metrics.findings.trial_sheets import trial_caveats
from crm_metrics.findings.trials_kept import read_trials
from crm_metrics.findings.verdict_file import Recheck
from crm_metrics.metrics import compute_each, metric_named, periods, span
from crm_metrics.metrics.goals import Goal, read_goals
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.schema import is_personal
from crm_metrics.texts import decimal_text, period_text, t

if TYPE_CHECKING:
    from crm_metrics.store import Workspace

_BY = ("channel",)
_MOST = 7
_MOST_OUTSIDE = 3
_HIDDEN = "•••"
_FALSE_ALARM = 0.05
_SOFTWARE = ("crm-metrics", "duckdb", "ibis-framework", "pyarrow", "openpyxl")


def build_report(
    workspace: Workspace,
    *,
    filters: Filters | None = None,
    limits: Limits | None = None,
    everything: bool = False,
    lang: str = "en",
    engine: Engine | None = None,
    numbers: Numbers | None = None,
    people: PeopleValues | None = None,
    audited: Audited | None = None,
    trials: Sequence[Recheck] = (),
) -> Report:
    """Everything that is sent, in `lang`: sentences, metrics by channel, trend, method, sources.

    Without a period in `filters` the latest one counts (`metrics.periods`), and the same metrics
    over all facts, with or without a date, stand beside it in `whole`; with `everything` there is
    no period at all: all facts are the findings, and nothing is compared. Groups are channels only,
    so that no personal data enter; a filter by a personal field keeps it and hides the value.
    Without usable data the report has no rows and one sentence. `engine` is the workspace's, where
    there is one open already, and `numbers` then asks it (as `metrics.compute_each` does, without
    its first argument), so that a caller's cache serves; so does `people` for `people_values`,
    and `audited` for the audit. `trials` are tests beside those that the workspace keeps.
    """
    asked, limits = filters or Filters(), limits or Limits()
    if everything:
        asked = replace(asked, start=None, end=None)
    sources = source_rows(workspace.datasets())
    together = workspace.together
    said = overlap_texts(workspace.datasets(), together.overlaps(), lang)
    said += money_texts(together.amounts(), together.choices.money, lang)
    said += zone_texts(workspace.datasets(), together.times(), lang)
    if asked.segment is not None and (chosen := chosen_by_text(asked.segment, lang)):
        said += (chosen,)
    kept, unread = read_trials(workspace.folder)
    tests = (*kept, *trials)
    said += trial_caveats(tests, unread, lang)
    empty = Report(lang, asked, limits, sources, caveats=said, trials=tests)
    goals = read_goals(workspace.folder)
    if not any(source.used for source in sources):
        return _written(empty)
    with workspace.engine() if engine is None else nullcontext(engine) as opened:
        ask = numbers or partial(compute_each, opened)
        of_people = people or partial(people_values, opened)
        found = _over(opened, ask, of_people, empty, goals, everything=everything)
        return _written(with_audit(opened, found, workspace, audited))


def _over(
    engine: Engine,
    ask: Numbers,
    people: PeopleValues,
    report: Report,
    goals: Sequence[Goal],
    *,
    everything: bool,
) -> Report:
    """The report with its numbers."""
    asked, limits = report.filters, report.limits
    now, before = (asked, None) if everything else periods(engine, asked)
    found, *old = ask(each=(now, before) if before else (now,), by=_BY, limits=limits)
    earlier = old[0].values if old else ()
    whole: tuple[Value, ...] = ()
    if asked.start is None and asked.end is None and now != asked:
        whole = ask(each=(asked,), by=_BY, limits=limits)[0].values
    report = replace(
        report,
        period=_days(now),
        before_period=_days(before) if before else None,
        channels=in_order(channel_rows(found.values, earlier)),
        earlier=tuple(earlier),
        whole=in_order(channel_rows(whole)),
        missing=tuple(dict.fromkeys(found.missing)),
        people=people(asked, now),
    )
    report = held_against(engine, ask, report, goals, (now, before))
    return replace(report, trend=_trend(ask, report, _days(asked) or span(engine)))


def _written(report: Report) -> Report:
    """The report with its words: title, sentences, caveats, method."""
    lang = report.lang
    title = t("report.heading", lang)
    if report.period:
        title = t("report.heading_period", lang, period=period_text(report.period, lang))
    return replace(
        report,
        title=title,
        sentences=_sentences(report),
        methods=_methods((*report.channels, *report.whole), report.limits),
        caveats=_caveats(report),
        filters=_without_personal(report.filters),
        versions=_versions(),
    )


def _sentences(report: Report) -> tuple[Sentence, ...]:
    """Of the period first; then of channels' metrics that only the facts of all dates have."""
    lang = report.lang
    within = {(row.metric, row.now.grain) for row in report.channels}
    outside = [row for row in report.whole if (row.metric, row.now.grain) not in within]
    evidence = Evidence(report.period, report.before_period, report.earlier, report.goals)
    if not outside:
        return channel_sentences(report.channels, lang=lang, evidence=evidence)
    said = channel_sentences(outside, lang=lang, limit=_MOST_OUTSIDE)
    said = tuple(replace(one, text=t("sentence.whole", lang, sentence=one.text)) for one in said)
    if not report.channels:
        return said
    most = _MOST - len(said)
    own = channel_sentences(report.channels, lang=lang, limit=most, evidence=evidence)
    return own + said


def _days(filters: Filters) -> Period | None:
    return (filters.start, filters.end) if filters.start and filters.end else None


def _trend(ask: Numbers, report: Report, days: Period | None) -> tuple[TrendRow, ...]:
    """The charted metrics through time, in each channel after channel, in each day after day."""
    keys = tuple(dict.fromkeys(run[0].metric for run in whiskered(report)))
    if not keys or days is None:
        return ()
    step = _step((days[1] - days[0]).days)
    asked = ask(keys, each=(report.filters,), by=(*_BY, step), limits=report.limits)[0]
    dated = sorted((value for value in asked.values if value.group[step]), key=_start)
    return tuple(
        TrendRow(row.channel, row.metric, row.unit, date.fromisoformat(_start(row.now)), row.now)
        for row in in_order(channel_rows(dated))
    )


def _start(value: Value) -> str:
    """The first day of a value's span in time, the last of its groups, as an ISO date."""
    return str(list(value.group.values())[-1])


def _step(days: int) -> str:
    """Days up to a month, weeks up to half a year, else months."""
    return "day" if days <= 31 else "week" if days <= 183 else "month"


def _methods(rows: Sequence[ChannelRow], limits: Limits) -> tuple[MethodRow, ...]:
    used = dict.fromkeys((row.metric, row.now.grain) for row in rows)
    return tuple(
        MethodRow(
            metric=metric.key,
            grain=metric.grain,
            kind=metric.kind,
            formula=metric.formula,
            variant=metric.variant,
            minimum_n=metric.minimum_n,
            limit=getattr(limits, metric.limit) if metric.limit else None,
        )
        for metric in (metric_named(key, grain) for key, grain in used)
    )


def _caveats(report: Report) -> tuple[str, ...]:
    """What to keep in mind when reading the report, in sentences; those of its files last."""
    lang, rows = report.lang, report.channels
    checked = sum(row.shift is not None and row.shift.low is not None for row in rows)
    unread = sum(source.failed for source in report.sources)
    unused = sum(not source.used for source in report.sources)
    said = []
    if rows:
        said.append(t("report.caveat.observational", lang))
        if report.period is not None and report.before_period is None:
            said.append(t("report.caveat.no_before", lang))
    if report.whole:
        said.append(t("report.caveat.whole", lang))
    if checked > 1:
        chance = decimal_text(checked * _FALSE_ALARM, lang, 1)
        said.append(t("report.caveat.chance", lang, count=checked, chance=chance))
    if report.missing:
        said.append(t("report.caveat.missing", lang))
    if unread:
        said.append(t("report.caveat.failed", lang, count=unread))
    if unused:
        said.append(t("report.caveat.unused", lang, count=unused))
    if report.filters.segment is not None:
        whose = segment_text(report.filters.segment, lang)
        said.append(t("report.caveat.segment", lang, segment=whose))
    if any(is_personal(key) for key, _ in report.filters.equal):
        said.append(t("report.caveat.masked", lang))
    if report.audit is not None and report.audit.gates:
        said.append(incomplete_text(report.audit, lang))
    return (*said, *report.caveats)


def _without_personal(filters: Filters) -> Filters:
    """The filters as they may be sent: a personal field's values are hidden."""
    equal = tuple(
        (key, tuple(_HIDDEN for _ in values) if is_personal(key) else values)
        for key, values in filters.equal
    )
    return replace(filters, equal=equal)


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    found = [("Python", platform.python_version())]
    for name in _SOFTWARE:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)
