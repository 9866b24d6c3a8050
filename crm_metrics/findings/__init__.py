"""What is sent: a report in sentences and numbers, as CSV, and as a workbook.

The workbook (`findings.workbook`) is imported by those who write one: its library is large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_metrics.lazily import named

if TYPE_CHECKING:
    from crm_metrics.findings.build import build_report
    from crm_metrics.findings.compared import channel_rows, reading
    from crm_metrics.findings.csv_file import csv_bytes, table_csv
    from crm_metrics.findings.report import ChannelRow, Report, Sentence, Shift, Source
    from crm_metrics.findings.safe_text import safe_text
    from crm_metrics.findings.sentences import channel_sentences
    from crm_metrics.findings.verdicts import gate_text, method_note, next_step, sentence

__all__ = [
    "ChannelRow",
    "Report",
    "Sentence",
    "Shift",
    "Source",
    "build_report",
    "channel_rows",
    "channel_sentences",
    "csv_bytes",
    "gate_text",
    "method_note",
    "next_step",
    "reading",
    "safe_text",
    "sentence",
    "table_csv",
]

__getattr__ = named(
    __name__,
    {
        "crm_metrics.findings.build": "build_report",
        "crm_metrics.findings.compared": "channel_rows reading",
        "crm_metrics.findings.csv_file": "csv_bytes table_csv",
        "crm_metrics.findings.report": "ChannelRow Report Sentence Shift Source",
        "crm_metrics.findings.safe_text": "safe_text",
        "crm_metrics.findings.sentences": "channel_sentences",
        "crm_metrics.findings.verdicts": "gate_text method_note next_step sentence",
    },
)
