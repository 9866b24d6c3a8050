"""The summary: three to seven sentences made of codes and numbers, the weightiest first."""

from __future__ import annotations

from crm_metrics.findings.sentences.choosing import channel_sentences
from crm_metrics.findings.sentences.evidence import Evidence
from crm_metrics.findings.sentences.worth import Worth, worth_of

__all__ = ["Evidence", "Worth", "channel_sentences", "worth_of"]
