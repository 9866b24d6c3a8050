"""What a mailing tool exports for a test: one row per recipient."""

from __future__ import annotations

import numpy as np
from calendar_and_bytes import csv_bytes


def ab_push_text(rng: np.random.Generator) -> bytes:
    """A test with a winner: text B is clicked more often."""
    rates = {"A": (0.034, 0.0042), "B": (0.048, 0.0058)}
    return _ab_test(rng, rates, arm_size=9000, channel="push", campaign="Autumn push, text test",
                    first_id=200001)  # fmt: skip


def ab_sms_sender(rng: np.random.Generator) -> bytes:
    """A test without a winner: both senders are drawn at the same rate."""
    rates = {"Shop name": (0.036, 0.004), "Short number": (0.036, 0.004)}
    return _ab_test(rng, rates, arm_size=4000, channel="sms", campaign="Sale SMS, sender test",
                    first_id=300001)  # fmt: skip


def _ab_test(
    rng: np.random.Generator,
    rates: dict[str, tuple[float, float]],
    *,
    arm_size: int,
    channel: str,
    campaign: str,
    first_id: int,
) -> bytes:
    head = ["Subscriber ID", "Channel", "Campaign", "Variant", "Sent at", "Delivered", "Clicked",
            "Converted", "Revenue, RUB"]  # fmt: skip
    arms = rng.permutation(np.repeat(list(rates), arm_size))
    rows = []
    for number, arm in enumerate(arms):
        click_rate, buy_rate = rates[str(arm)]
        delivered = rng.random() < 0.985
        clicked = delivered and rng.random() < click_rate
        bought = delivered and rng.random() < (0.07 if clicked else buy_rate / 3)
        rows.append(
            [first_id + number, channel, campaign, arm, "2026-09-15 11:00", _yes(delivered),
             _yes(clicked), _yes(bought), round(float(rng.gamma(2.2, 1500))) if bought else 0]
        )  # fmt: skip
    return csv_bytes([head, *rows], ",")


def _yes(value: bool) -> str:  # noqa: FBT001  one word for one flag
    return "yes" if value else "no"
