"""Unexpected errors go to the log under a number; their messages may quote cells, and stay out."""

from __future__ import annotations

import logging
import secrets
from traceback import format_tb

_log = logging.getLogger(__name__)


def logged(error: BaseException) -> str:
    """Log where an error came from, its causes first; gives the number to show the user."""
    number = secrets.token_hex(4)
    parts = []
    seen: BaseException | None = error
    while seen is not None:
        parts.append(f"{type(seen).__qualname__} at\n{''.join(format_tb(seen.__traceback__))}")
        seen = seen.__cause__ or seen.__context__
    _log.error("error %s: %s", number, "\n".join(reversed(parts)))
    return number
