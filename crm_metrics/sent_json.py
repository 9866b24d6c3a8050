"""JSON that people send each other, which may be damaged or forged."""

from __future__ import annotations

import json
from typing import Any, Final

_LARGEST: Final = 2**63


def sent_json(text: str | bytes) -> Any:
    """What a JSON text says.

    Raises ValueError where it is no JSON, nests too deep, or holds what no file of ours can: a
    whole number beyond 64 bits, half of a letter (a lone surrogate).
    """
    try:
        document = json.loads(text, parse_int=_whole)
        json.dumps(document, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return document


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > _LARGEST:
        raise ValueError("a number too large")
    return number
