"""The channels of communication, in the order in which tables and legends show them."""

from __future__ import annotations

CHANNELS: tuple[str, ...] = (
    "email",
    "sms",
    "push",
    "messenger",
    "social",
    "chat",
    "phone",
    "event",
    "ads",
    "web",
    "offline",
)
