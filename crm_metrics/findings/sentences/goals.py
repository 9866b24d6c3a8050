"""Goals that are met, missed, or can't be told yet."""

from __future__ import annotations

from crm_metrics.findings.goals import (
    distance_text,
    reason_text,
    scope_text,
    target_text,
)
from crm_metrics.findings.report import Sentence, SentenceCode
from crm_metrics.findings.sentences.evidence import Evidence, sentence
from crm_metrics.findings.sentences.weight import certainty_of, size_of, weight
from crm_metrics.findings.wording import estimate, inside, metric_name
from crm_metrics.metrics.goals import Judged, metric_of
from crm_metrics.texts import t

_CODES: dict[str, SentenceCode] = {
    "met": "goal_met",
    "missed": "goal_missed",
    "unclear": "goal_unclear",
}


def goals_said(evidence: Evidence, lang: str) -> tuple[list[Sentence], list[Sentence]]:
    """Goals that the data decide, and those that they do not; none without a value."""
    found = [(one, _said(one, lang)) for one in evidence.goals if one.status in _CODES]
    decided = [said for one, said in found if one.status != "unclear"]
    return decided, [said for one, said in found if one.status == "unclear"]


def _said(judged: Judged, lang: str) -> Sentence:
    metric, value = metric_of(judged.goal, judged.value), judged.value
    assert metric is not None
    assert value is not None
    code = _CODES[judged.status]
    text = t(
        f"sentence.{code}",
        lang,
        metric=inside(metric_name(judged.goal.metric, lang)),
        scope=_capital(scope_text(judged.goal, lang)),
        target=target_text(judged, lang),
        estimate=estimate(value, metric.unit, lang),
        distance=distance_text(judged, lang),
        reason=reason_text(judged, lang),
    )
    rank = 0.0
    if code != "goal_unclear":
        certain = certainty_of(judged.distance, judged.low, judged.high)
        sure = 1.0 if metric.kind == "total" else certain
        rank = weight(size_of(metric.unit, value.value, judged.target), sure)
    return sentence(code, text, lang, rank, metric=judged.goal.metric, channel=judged.goal.channel)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
