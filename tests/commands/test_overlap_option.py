"""Files that overlap on the command line: counted once, said on stderr and in the document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm_metrics.cli_metrics import metrics

HEADER = "Order ID,Date,Amount,Customer email\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, numbers in (("a.csv", range(1, 5)), ("b.csv", range(4, 9))):
        lines = (f"{n},2026-03-{n:02},{n * 10},a{n}@a.ru\n" for n in numbers)
        (tmp_path / name).write_text(HEADER + "".join(lines))
    return [str(tmp_path / name) for name in ("a.csv", "b.csv")]


@pytest.mark.parametrize(("option", "total"), [([], 360), (["--overlap", "both"], 400)])
def test_metrics_say_what_is_counted_once(files: list[str], option: list[str], total: int):
    asked = [*files, "--metric", "revenue", "--lang", "en", "--json", *option]
    result = CliRunner().invoke(metrics, asked)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["rows"][0]["value"] == total
    (found,) = document["overlaps"]
    assert (found["first"], found["second"], found["key"]) == ("a.csv", "b.csv", ["order_id"])
    assert (found["same"], found["changed"]) == (1, 0)
    assert (found["only_first"], found["only_second"]) == (3, 4)
    assert found["counted"] == (option[-1] if option else "once")
    assert "a.csv and b.csv have records in common" in result.stderr


def test_one_file_has_nothing_in_common(files: list[str]):
    result = CliRunner().invoke(metrics, [files[0], "--metric", "revenue", "--json"])
    assert json.loads(result.stdout)["overlaps"] == []
    assert result.stderr == ""


def test_times_of_different_zones_are_not_mixed_in_silence(tmp_path: Path):
    for name, zone in (("a.csv", "+03:00"), ("b.csv", "")):
        lines = (f"u{n}@a.ru,Sale {name},email,2026-05-01T23:30:00{zone},1\n" for n in range(9))
        header = "Email,Campaign,Channel,Sent at,Delivered\n"
        (tmp_path / name).write_text(header + "".join(lines))
    asked = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    result = CliRunner().invoke(metrics, [*asked, "--metric", "messages_sent", "--lang", "en"])
    assert "Times are of different zones" in result.stderr
