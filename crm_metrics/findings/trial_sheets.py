"""The tests that are kept, as a table of a report: what was found, how sure, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crm_metrics.experiments.model import ArmResult, Comparison, Finding, Judged
from crm_metrics.findings.number_sheets import changed, shown
from crm_metrics.findings.report import Report
from crm_metrics.findings.sheet import Cell, Sheet, headings_of, sheet_of
from crm_metrics.findings.trial_numbers import shape_of, trial_metric
from crm_metrics.findings.verdict_file import Recheck
from crm_metrics.findings.verdicts import (
    gate_text,
    method_note,
    next_step,
    sentence,
    standing_text,
)
from crm_metrics.metrics.model import Unit
from crm_metrics.texts import t

_TOLD = ("warn", "block", "not_checked")
Row = tuple[Cell, ...]


def trials_sheet(report: Report) -> Sheet:
    """A version against the control a row, of the metric that decides and of those beside it."""
    headings = headings_of(
        report.lang,
        "trial_metric trial_role trial_verdict trial_arm value low high n trial_control"
        " control_value control_n difference difference_low difference_high lift lift_low"
        " lift_high pvalue split_planned n_planned people_split trial_said trial_next trial_checks"
        " trial_method trial_source trial_day",
        value="value low high control_value",
        change="difference difference_low difference_high",
        share="lift lift_low lift_high",
        number="n control_n n_planned",
        raw="pvalue",
        long="trial_said trial_next trial_checks trial_method",
        date="trial_day",
    )
    made = [row for one in report.trials for row in _rows(one, report.lang)]
    return sheet_of(
        report,
        "trials",
        headings,
        tuple(row for row, _ in made),
        units=tuple(unit for _, unit in made),
    )


def trial_lines(report: Report) -> list[str]:
    """What each test says and what to do, a line each, for the summary."""
    lang = report.lang
    return [
        f"{sentence(one.finding, lang)} {next_step(one.finding, lang)}" for one in report.trials
    ]


def trial_caveats(trials: tuple[Recheck, ...], unread: int, lang: str) -> tuple[str, ...]:
    """What kept files say that their inputs do not, and how many can't be read."""
    said = [
        t("report.caveat.trial_differs", lang, test=trial_metric(one.finding.setup.metric, lang))
        for one in trials
        if one.inputs_changed or any(path.startswith(("code", "result")) for path in one.differing)
    ]
    if unread:
        said.append(t("report.caveat.trials_unread", lang, count=unread))
    return tuple(said)


def _rows(kept: Recheck, lang: str) -> Iterator[tuple[Row, Unit]]:
    finding = kept.finding
    day = date.fromisoformat(kept.day) if kept.day else None
    about = (kept.source, day)
    verdict = t(f"experiments.code.{finding.code.lower()}", lang)
    told = (sentence(finding, lang), next_step(finding, lang))
    rule = (_gates(finding, lang), "\n".join(method_note(finding, lang)))
    name, role = trial_metric(finding.setup.metric, lang), t("report.trial.decides", lang)
    about_arm = str(finding.params.get("arm", ""))
    compared = list(_compared(finding, finding.comparisons))
    if about_arm not in [cells[0] for cells in compared]:
        about_arm = str(compared[0][0])
    for cells in compared:
        # The verdict is of one version: in another's row it would be read as that one's.
        own = cells[0] == about_arm
        words = (*told, *rule) if own else ("",) * 4
        yield (
            (name, role, verdict if own else "", *cells, *_planned(finding), *words, *about),
            _unit(finding),
        )
    for item in finding.others:
        name = trial_metric(item.metric.name, lang)
        role = t(f"report.trial.{item.metric.role}", lang)
        for one, cells in zip(item.comparisons, _compared(item, item.comparisons), strict=True):
            said = standing_text(item, one.arm, lang)
            yield (name, role, "", *cells, *(None,) * 3, said, "", "", "", *about), _unit(item)


def _compared(of: Finding | Judged, comparisons: tuple[Comparison, ...]) -> Iterator[Row]:
    """The numbers of each pair; the arms' alone where nothing could be compared."""
    arms, unit = {arm.name: arm for arm in of.arms}, _unit(of)
    if not comparisons:
        for arm in of.arms[1:]:
            yield (*_arm(arm, unit), *_control(of.arms[0], unit), *(None,) * 7)
    for one in comparisons:
        gaps = (one.difference, one.difference_low, one.difference_high)
        yield (
            *_arm(arms[one.arm], unit),
            *_control(arms[one.control], unit),
            *(changed(gap, unit) for gap in gaps),
            *(one.lift, one.lift_low, one.lift_high),
            one.pvalue_adjusted,
        )


def _arm(arm: ArmResult, unit: Unit) -> Row:
    return (arm.name, *(shown(one, unit) for one in (arm.value, arm.low, arm.high)), arm.n)


def _control(arm: ArmResult, unit: Unit) -> Row:
    return arm.name, shown(arm.value, unit), arm.n


def _planned(finding: Finding) -> Row:
    """The split and the size that were planned, and how the people were split."""
    split = finding.setup.split
    weights = None if split is None else ":".join(f"{weight:g}" for weight in split)
    return weights, finding.setup.planned_n, ":".join(str(arm.n) for arm in finding.arms)


def _gates(finding: Finding, lang: str) -> str:
    """What the checks before the verdict have to say."""
    told = [gate for gate in finding.gates if gate.status in _TOLD]
    lines = [f"{t(f'gate.name.{gate.gate}', lang)}: {gate_text(gate, lang)}" for gate in told]
    return "\n".join(lines) or t("gate.status.pass", lang)


def _unit(of: Finding | Judged) -> Unit:
    """Shares in per cent and points; amounts and ratios with two digits."""
    return "share" if shape_of(of) == "proportion" else "times"
