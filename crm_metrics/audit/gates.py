"""What an audit can't do without: a goal, the customers' voice, and a plan."""

from __future__ import annotations

from typing import Final, Literal, get_args

from crm_metrics.audit.model import Audit
from crm_metrics.audit.plan import Plan
from crm_metrics.audit.questionnaire import Questionnaire
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.voice.scored import scored_grains

Gate = Literal["no_goal", "no_voice", "no_plan"]
GATES: Final[tuple[Gate, ...]] = get_args(Gate)


def gates(engine: Engine, found: Audit, *, asked: Questionnaire, plan: Plan) -> tuple[Gate, ...]:
    """What keeps the audit incomplete, in the order of `GATES`; () for a complete one.

    The three typical mistakes of the guide on audits: no goal in a person's words; no scores of
    customers (NPS, CSAT) among the data; findings of which not one has an action with an owner and
    a due date.
    """
    findings = [one.id for one in found.findings]
    lacking: dict[Gate, bool] = {
        "no_goal": not asked.goal.strip(),
        "no_voice": not scored_grains(engine),
        "no_plan": bool(findings) and not plan.is_begun(findings),
    }
    return tuple(gate for gate in GATES if lacking[gate])
