from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from crm_metrics.findings import build_report
from crm_metrics.findings.people_sheet import people_sheet
from crm_metrics.store import Workspace
from crm_metrics.texts import t


def orders(folder: Path) -> Path:
    """Forty buyers of January; each second one buys again in March, a buyer's sum is 300 or 100."""
    lines = ["Order ID,Customer ID,Date,Amount"]
    for buyer in range(40):
        first = date(2026, 1, 1) + timedelta(days=buyer % 28)
        lines.append(f"A{buyer},C{buyer},{first},100")
        if buyer % 2:
            lines.append(f"B{buyer},C{buyer},{first + timedelta(days=60)},200")
    path = folder / "orders.csv"
    path.write_text("\n".join([*lines, "Z,C99,2026-06-30,100"]) + "\n")
    return path


def survey(folder: Path) -> Path:
    lines = ["Submitted at,How likely are you to recommend us? (0-10),How satisfied are you? (1-5)"]
    lines += [
        f"2026-03-{1 + n % 28:02},{(10, 9, 7, 3)[n % 4]},{(5, 4, 4, 1)[n % 4]}" for n in range(60)
    ]
    path = folder / "survey.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("language", ["en", "ru"])
def test_customers_and_each_question_stand_in_the_workbook(tmp_path, language):
    space = Workspace(tmp_path / "home")
    for path in (orders(tmp_path), survey(tmp_path)):
        space.add(path, path.name)
    sheet = people_sheet(build_report(space, lang=language))
    keys = [heading.key for heading in sheet.headings]
    rows = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
    found = {(row["metric"], row["part"]): row["value"] for row in rows}
    names = {key: t(f"metric.{key}.name", language) for key in ("repeat_within", "nps", "csat")}
    assert found[names["repeat_within"], ""] == 0.5
    # Half of the scores are promoters' and a quarter detractors'; three of four are in the top box.
    asked = {metric: value for (metric, part), value in found.items() if "?" in str(part)}
    assert asked == {names["nps"]: 25.0, names["csat"]: 0.75}
    assert all(row["unit"] and row["variant"] for row in rows)
