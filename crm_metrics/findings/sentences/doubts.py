"""What stops a verdict or asks for care: impossible or unripe data, complaints, machine opens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.findings.report import ChannelRow, Sentence, SentenceCode
from crm_metrics.findings.sentences.evidence import is_few, made, rose
from crm_metrics.findings.sentences.weight import certainty_of, size_of, weight
from crm_metrics.metrics import intervals
from crm_metrics.metrics.references import complaint_limits
from crm_metrics.texts import integer_text, percent_text

_STOPPING: tuple[SentenceCode, ...] = ("impossible", "impossible_rows", "immature")
_MUCH = 0.2  # of all opens: machines open more than this share of the mail


def stopping(rows: Sequence[ChannelRow], lang: str) -> list[Sentence]:
    """Data that contradict themselves or are not complete yet, one sentence a kind and channel.

    What has risen already only grows: nothing is stopped there.
    """
    said: dict[tuple[str, str | None], Sentence] = {}
    for row in rows:
        for code in _STOPPING:
            if code in row.now.flags and not (code == "immature" and rose(row)):
                said.setdefault((code, row.channel), made(code, row, lang))
    return list(said.values())


def complaints(rows: Sequence[ChannelRow], lang: str) -> tuple[list[Sentence], list[Sentence]]:
    """Complaints surely over a limit of mail providers; and those that may be over it.

    The limits are those of `metrics/references/benchmarks.csv`. Few messages never show that a rate
    is below 0.1 or 0.3 %: with no complaint at all it takes about 3,840 or 1,280.
    """
    over: list[Sentence] = []
    risk: list[Sentence] = []
    wanted, most = (limit.value for limit in complaint_limits())
    for row in rows:
        value = row.now
        if row.metric != "complaint_rate" or value.value is None or value.low is None:
            continue
        if value.high is None or value.high <= wanted:
            continue
        passed = most if value.high > most else wanted
        words = {
            "limit": percent_text(passed, lang, 1),
            "wanted": percent_text(wanted, lang, 1),
            "most": percent_text(most, lang, 1),
            "high": percent_text(value.high, lang),
        }
        if value.low > passed:
            certain = certainty_of(value.value - passed, value.low - passed, value.high - passed)
            rank = weight(size_of("share", value.value, passed), certain, 1.0)
            over.append(made("complaints_over", row, lang, rank, words=words))
        elif not is_few(row):
            risk.append(made("complaints_risk", row, lang, words=words))
    return over, risk


def machine_opens(rows: Sequence[ChannelRow], lang: str) -> list[Sentence]:
    """Channels of whose opens machines are surely more than a fifth.

    Said only where machines are told apart in all the mail that the open rate counts: files that
    can't tell would make every open beyond the others' look like a machine's.
    """
    people = {(row.channel, row.now.grain): row for row in rows if row.metric == "open_rate_adj"}
    said = []
    for row in rows:
        adjusted = people.get((row.channel, row.now.grain))
        if row.metric != "open_rate" or adjusted is None:
            continue
        opens, human = (one.now.components.get("x", 0.0) for one in (row, adjusted))
        every, others = (one.now.components.get("n", 0.0) for one in (row, adjusted))
        # The filtered rate leaves machines out of both parts; what else it lacks it can't tell.
        if not 0 <= human <= opens or opens <= 0 or every - others != opens - human:
            continue
        share = (opens - human) / opens
        ends = intervals.wilson(np.array(opens - human), np.array(opens))
        low, high = (float(end) for end in ends)
        if low > _MUCH:
            words = {
                "share": percent_text(share, lang),
                "low": percent_text(low, lang),
                "high": percent_text(high, lang),
                "n": integer_text(opens, lang),
            }
            said.append(made("machine_opens", row, lang, words=words))
    return said
