"""What is to be known of a score that several questions of surveys share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crm_metrics.findings.wording import metric_name
from crm_metrics.metrics.voice.questions import Question
from crm_metrics.texts import integer_text, t


def pooled_lines(found: Sequence[Question], lang: str) -> list[str]:
    """A sentence for each metric that counts answers to more than one question.

    Who answered several counts as often, so that answers are not independent; and the questions
    of another period may be others.
    """
    asked = Counter(one.headline.metric for one in found if one.headline is not None)
    return [
        t(
            "voice.pooled",
            lang,
            metric=metric_name(metric, lang),
            count=integer_text(count, lang),
        )
        for metric, count in asked.items()
        if count > 1
    ]
