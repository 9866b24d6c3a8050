"""The unit of a test's numbers on a chart: percent and points of a share, else the metric's own."""

from __future__ import annotations

from crm_metrics.experiments.model import Finding
from crm_metrics.findings.trial_numbers import trial_metric
from crm_metrics.texts import t


def scale_of(finding: Finding) -> float:
    """What numbers are drawn times."""
    return 100.0 if finding.setup.shape == "proportion" else 1.0


def axis_title(finding: Finding, language: str, *, gap: bool = False) -> str:
    """The test's metric with its unit; `gap` where differences are drawn."""
    unit = "axis"
    if finding.setup.shape == "proportion":
        unit = "axis_points" if gap else "axis_share"
    return t(f"experiments.{unit}", language, metric=trial_metric(finding.setup.metric, language))
