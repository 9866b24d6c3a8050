"""How often the audit's checks of rates alarm at their limit, and how surely where it is broken.

python -m benchmarks.audit_limits [--times 400]

Each rate is drawn anew so many times: at the limit itself, at a usual value, and clearly broken.
A check that tells what is surely below its target may alarm at the limit in 2.5 % of files; that
of complaints tells what is not surely below it, and misses the limit in 2.5 %.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from tests.audit.made import audited

_WHEN = "2026-06-01 10:00"


def replies(random: np.random.Generator, rows: int, share: float) -> dict[str, pd.DataFrame]:
    """Conversations of which so many are answered within two hours."""
    minutes = np.where(random.random(rows) < share, 60, 300)
    began = pd.Timestamp(_WHEN)
    frame = pd.DataFrame({"channel": "chat", "created_at": [began] * rows})
    frame["first_reply_at"] = began + pd.to_timedelta(minutes, unit="m")
    return {"conversations": frame}


def answers(random: np.random.Generator, rows: int, share: float) -> dict[str, pd.DataFrame]:
    """Invitations of which so many are answered."""
    asked = pd.Timestamp(_WHEN)
    score = np.where(random.random(rows) < share, 9.0, np.nan)
    frame = pd.DataFrame({"survey_type": "nps", "score": score, "invited_at": asked, "date": asked})
    return {"surveys": frame}


def complaints(random: np.random.Generator, rows: int, share: float) -> dict[str, pd.DataFrame]:
    """Messages of which so many make people complain."""
    frame = pd.DataFrame({"channel": "email", "sent_at": [_WHEN] * rows, "delivered": True})
    return {"recipients": frame.assign(complained=random.random(rows) < share)}


def opens(random: np.random.Generator, rows: int, share: float) -> dict[str, pd.DataFrame]:
    """Opens of which so many are a program's."""
    frame = pd.DataFrame({"channel": "email", "sent_at": [_WHEN] * rows, "opened": True})
    return {"recipients": frame.assign(open_is_machine=random.random(rows) < share)}


CASES = (
    ("sla_broken", replies, 300, {"usual": 0.9, "at the limit": 0.8, "broken": 0.65}),
    ("voice_biased", answers, 1000, {"usual": 0.15, "at the limit": 0.05, "broken": 0.02}),
    ("complaint_over_limit", complaints, 20_000, {"usual": 5e-4, "at the limit": 0.003}),
    ("complaint_over_limit", complaints, 2_000, {"usual": 2e-4, "broken": 0.01}),
    ("bot_or_mpp_share", opens, 1000, {"usual": 0.1, "at the limit": 0.2, "broken": 0.3}),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=400)
    times = options.parse_args().times
    random = np.random.default_rng(3)
    print(f"{'check':22} {'rows':>7}  {'rate is':14} {'':8} alarms")
    for check, make, rows, shares in CASES:
        for name, share in shares.items():
            found = [audited(check, **make(random, rows, share)).findings for _ in range(times)]
            alarms = sum(bool(one) for one in found) / times
            print(f"{check:22} {rows:7,}  {name:14} {share:8.2%} {alarms:.1%}")


if __name__ == "__main__":
    main()
