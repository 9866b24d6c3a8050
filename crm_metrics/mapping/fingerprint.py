"""The fingerprint of a header, by which a confirmed mapping is found again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from crm_metrics.mapping.headers.header import fold


def fingerprint(headers: Iterable[str]) -> str:
    """16 hexadecimal digits, the same for these headers in any order and case."""
    text = "\x1f".join(sorted(fold(header) for header in headers))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
