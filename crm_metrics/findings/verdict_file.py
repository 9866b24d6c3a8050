"""The finding of a test as a file: its words and numbers, and all that makes them again.

Equal inputs give equal bytes: nothing in it comes from a clock.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_metrics import __version__
from crm_metrics.errors import InputError
from crm_metrics.experiments.as_json import plain, typed
from crm_metrics.experiments.bayes import beliefs
from crm_metrics.experiments.model import Finding
from crm_metrics.experiments.rerun import Inputs, concluded
from crm_metrics.findings.trial_method import version_of
from crm_metrics.findings.verdicts import (
    gate_text,
    method_note,
    next_step,
    sentence,
)
from crm_metrics.sent_json import sent_json
from crm_metrics.texts import LANGUAGES

SCHEMA = "crm-metrics.test-finding"
VERSION = 1
CLOSE = 1e-9
"""Numbers this near, relatively, are the same: another scipy may round the last digits."""
_EMBEDDED = re.compile(
    r'<script type="application/json" id="finding">(.*?)</script>', flags=re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Recheck:
    """A kept finding made again: the verdict now, and where its numbers are not those kept.

    `source`, `day` (ISO's form) and `key` are those of the file that it is kept in.
    """

    finding: Finding
    language: str
    differing: tuple[str, ...]
    inputs_changed: bool
    source: str = ""
    day: str | None = None
    key: str = ""

    @property
    def same(self) -> bool:
        """Whether the file says what its own inputs say."""
        return not self.differing and not self.inputs_changed


def finding_document(
    inputs: Inputs, finding: Finding, lang: str, *, dated: date | None = None, source: str = ""
) -> dict[str, Any]:
    """Everything of a finding as one JSON document; `source` names the file it was read from.

    `finding` is what the inputs are `concluded` to. Without `dated` the date is the last of the
    data.

    Keys: schema, version, date, source, language, code, sentence, next_step, gates, method,
    result (the whole `Finding`), chances (`beliefs`), software, inputs, inputs_sha256.
    """
    kept = plain(inputs)
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "date": _day(inputs, dated),
        "source": source,
        "language": lang,
        "code": finding.code,
        "sentence": sentence(finding, lang),
        "next_step": next_step(finding, lang),
        "gates": [
            {"gate": gate.gate, "status": gate.status, "text": gate_text(gate, lang)}
            for gate in finding.gates
        ],
        "method": method_note(finding, lang),
        "result": plain(finding),
        "chances": plain(beliefs(finding)),
        "software": {
            "crm-metrics": __version__,
            "python": platform.python_version(),
            "numpy": version_of("numpy"),
            "scipy": version_of("scipy"),
        },
        "inputs": kept,
        "inputs_sha256": _digest(kept),
    }


def _day(inputs: Inputs, dated: date | None) -> str | None:
    """The day given, else the last one that the data know of."""
    last = inputs.beside.read_at
    days = [item.day for item in inputs.beside.days]
    known = dated or (last.date() if last else max(days, default=None))
    return known.isoformat() if known else None


def finding_json(document: dict[str, Any]) -> str:
    """The document as the text of a file."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def recheck(content: bytes) -> Recheck:
    """Make the verdict of a kept finding (its JSON or its page) again, and compare.

    Raises InputError("finding_file") where the file is none, and as `analyse` does.
    """
    document = _read(content)
    inputs = typed(Inputs, document.get("inputs"))
    lang = document.get("language")
    if lang not in LANGUAGES:
        raise InputError("finding_file")
    finding = concluded(inputs)
    again = finding_document(inputs, finding, lang)
    compared = ("code", "sentence", "next_step", "gates", "result", "chances")
    differing = [path for key in compared for path in _unlike(key, document.get(key), again[key])]
    changed = document.get("inputs_sha256") != _digest(document["inputs"])
    return Recheck(
        finding,
        lang,
        tuple(differing),
        changed,
        source=str(document.get("source") or ""),
        day=_dated(document.get("date")),
        key=key_of(document),
    )


def key_of(document: dict[str, Any]) -> str:
    """Sixteen hexadecimal digits that stand for a finding: its inputs, and the file they are of."""
    return _digest([document.get("source"), document.get("inputs")])[:16]


def _dated(value: object) -> str | None:
    try:
        return None if value is None else date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise InputError("finding_file") from None


def _read(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
        found = _EMBEDDED.search(text)
        document = sent_json(found[1] if found else text)
    except ValueError:
        raise InputError("finding_file") from None
    known = isinstance(document, dict) and document.get("schema") == SCHEMA
    if not known or document.get("version") != VERSION:
        raise InputError("finding_file")
    return document


def _digest(kept: Any) -> str:
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _unlike(path: str, kept: Any, now: Any) -> list[str]:
    """The places where two documents are not the same."""
    if isinstance(kept, dict) and isinstance(now, dict):
        keys = [*now, *(key for key in kept if key not in now)]
        return [
            place for key in keys for place in _unlike(f"{path}.{key}", kept.get(key), now.get(key))
        ]
    if isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        pairs = enumerate(zip(kept, now, strict=True))
        return [place for i, pair in pairs for place in _unlike(f"{path}[{i}]", *pair)]
    if isinstance(kept, float | int) and isinstance(now, float | int):
        same = math.isclose(kept, now, rel_tol=CLOSE, abs_tol=1e-300)
        return [] if same else [path]
    return [] if kept == now else [path]
