"""Goals: what a metric should reach, whether it has, and the guides' goals to choose from."""

from __future__ import annotations

from crm_metrics.metrics.goals.goal import Goal, checked, with_goal, without
from crm_metrics.metrics.goals.judging import (
    Judged,
    Status,
    judge,
    judge_all,
    judge_first,
    metric_of,
)
from crm_metrics.metrics.goals.keeping import goals_file, goals_in, read_goals, write_goals
from crm_metrics.metrics.goals.presets import Preset, presets

__all__ = [
    "Goal",
    "Judged",
    "Preset",
    "Status",
    "checked",
    "goals_file",
    "goals_in",
    "judge",
    "judge_all",
    "judge_first",
    "metric_of",
    "presets",
    "read_goals",
    "with_goal",
    "without",
    "write_goals",
]
