"""Exports of help desks as their systems write them, from the file to the reply times."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import compute
from crm_metrics.store import Workspace
from tests.intake.catalogue import EXPORTS


def export(system: str, name: str) -> dict:
    return next(one for one in EXPORTS if one["system"] == system and name in one["export"])


def written(path: Path, known: dict, rows: list[dict[str, object]]) -> Path:
    """Rows under the export's own header; what they do not say is as in its sample line."""
    sample = dict(zip(known["headers"], known["sample_rows"][0], strict=False))
    with path.open("w", newline="", encoding="utf-8") as file:
        for line in known["preamble_lines"]:
            file.write(line + "\n")
        out = csv.DictWriter(file, known["headers"], restval="")
        out.writeheader()
        out.writerows([sample | row for row in rows])
    return path


def values(tmp_path: Path, path: Path) -> dict:
    space = Workspace(tmp_path / "space")
    (item,) = space.add(path, path.name)
    assert item.facts is not None
    with space.engine() as engine:
        return {one.metric: one for one in compute(engine).values}


def test_zendesk_tickets_count_minutes_and_keep_the_unanswered(tmp_path):
    random = np.random.default_rng(1)
    created = pd.Timestamp("2026-03-02 10:00") + pd.to_timedelta(np.arange(60) * 7, "h")
    wait = random.integers(1, 600, 60)
    rows = [
        {
            "Id": number,
            "Created at": f"{at:%Y-%m-%d %H:%M}",
            "Assignee": "Ann Lee" if number % 5 else "",
            "First reply time in minutes": minutes if number % 5 else "",
            "First reply time in minutes within business hours": minutes // 2 if number % 5 else "",
            "Solved at": "",
            "Full resolution time in minutes": "",
        }
        for number, (at, minutes) in enumerate(zip(created, wait, strict=True))
    ]
    path = written(tmp_path / "tickets.csv", export("Zendesk", "Tickets CSV"), rows)
    found = values(tmp_path, path)
    replied = np.array([one for number, one in enumerate(wait) if number % 5])
    assert found["frt_median"].value == np.median(replied) * 60
    assert found["frt_business"].value == np.median(replied // 2) * 60
    old = (created.max() - created).total_seconds() >= 7200
    answered = (np.arange(60) % 5 > 0) & (wait <= 120) & old
    assert found["answered_within"].components == {"x": answered.sum(), "n": old.sum()}
    silent = (np.arange(60) % 5 == 0) & old
    assert found["unanswered_rate"].components["x"] == silent.sum()


def test_intercom_conversations_count_seconds_and_leave_out_what_agents_began(tmp_path):
    random = np.random.default_rng(2)
    wait = random.integers(5, 9000, 50)
    known = export("Intercom", "Conversations")
    started = next(name for name in known["headers"] if name.startswith("Conversation started"))
    rows = [
        {
            "Conversation ID": number,
            started: f"2026-03-{number % 28 + 1:02} 10:15:30",
            "First response time (seconds)": int(seconds),
        }
        for number, seconds in enumerate(wait)
    ]
    found = values(tmp_path, written(tmp_path / "conversations.csv", known, rows))
    assert found["frt_median"].value == np.median(wait)
    assert found["frt_p90"].value == pytest.approx(np.quantile(wait, 0.9))


def test_chatwoot_gives_means_without_an_interval(tmp_path):
    known = export("Chatwoot", "Agent report")
    rows = [
        {
            "Agent name": name,
            "Assigned conversations": count,
            "Avg first response time": words,
        }
        for name, count, words in (
            ("Ann Lee", 42, "12 minutes 30 seconds"),
            ("Oleg Petrov", 8, "2 hours 15 minutes"),
            ("Vera Sidorova", 0, "--"),
        )
    ]
    found = values(tmp_path, written(tmp_path / "agents.csv", known, rows))
    mean = found["frt_mean"]
    # Weighed by conversations; a person without any adds no zero.
    assert mean.value == pytest.approx((42 * 750 + 8 * 8100) / 50)
    assert (mean.low, mean.variant) == (None, "of_averages")
    assert "frt_median" not in found
