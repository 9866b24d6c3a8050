"""Columns of conversations and messages that no file has: the ground works them out."""

from __future__ import annotations

from typing import Final

WATCHED_UNTIL: Final = "watched_until"
"""TIMESTAMP: the last moment that the row's data set tells of."""
MERGED: Final = "__merged"
"""BOOLEAN: the row is a ticket of which the file has several lines."""
TALK: Final = "talk"
"""STRING: the conversation of a message."""
SIDE: Final = "side"
"""STRING: who wrote a message, "customer", "agent" or "bot"."""
NEXT_REPLY: Final = "next_reply"
"""FLOAT64: seconds from the first message of a client's turn to the next one of a person."""
FROM_LOG: Final = "__from_log"
"""BOOLEAN: the conversation was put together from a log of messages."""
BY_SILENCE: Final = "__by_silence"
"""BOOLEAN: where conversations have no id, one ends where nobody writes for a day."""
