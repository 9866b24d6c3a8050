"""Every export of the catalogue as if no system were known, and home-made tables."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from pathlib import Path
from types import MappingProxyType

import pytest
from scipy.optimize import linear_sum_assignment

from crm_metrics.intake import read
from crm_metrics.mapping import suggest
from crm_metrics.mapping.headers.synonyms import on_grain
from crm_metrics.mapping.look import look
from crm_metrics.mapping.matching.grain import assign
from crm_metrics.mapping.recognition import recognising as recognition
from crm_metrics.schema import fields_of
from tests.intake import catalogue as files
from tests.mapping.made import EXPORTS, made_table
from tests.mapping.test_spellings import NO_FIELD, WAYS, Column, Score, Spelled, score_of

# Columns for which the catalogue names no field, and what they may be by data_model.md all the
# same: the guess was looked at and means the same. Any other guess there is wrong.
JUDGED: dict[str, str] = {
    "Times Forwarded:": "forwards", "Bounces:": "bounces", "Total Opens:": "opens_total",
    "Total Clicks:": "clicks_total", "Total Abuse Complaints:": "complaints",
    "NOTES": "comment", "EUID": "contact_id", "First Name": "first_name", "Last Name": "last_name",
    "Status": "status", "Placed Order Rate": "conversion_rate", "Tags": "tags",
    "Lead tags": "tags", "Clicked": "clicked", "Opened": "opened_at", "Billing Name": "full_name",
    "Last activity": "last_activity_at", "Audience": "segment", "Published Posts": "posts",
    "Примечание": "comment", "Last modified": "updated_at", "Company": "company",
    "utm_source": "utm_source", "utm_medium": "utm_medium", "utm_campaign": "utm_campaign",
    "UTM Content": "utm_content", "UTM Term": "utm_term", "Тип": "deal_type",
    "Контакт: Имя": "first_name", "Контакт: Фамилия": "last_name", "Deal - Label": "tags",
    "Shipping Country": "country", "Requester": "full_name", "Requester email": "email",
    "Organization": "company", "Requester name": "full_name", "Started by": "initiator",
    "First reply time in minutes within business hours": "first_reply_business_time",
    "Ticket organisation name": "company", "Link to the conversation": "url", "Email": "email",
    "Телефон": "phone", "Идентификатор посетителя": "customer_id", "Updated at": "updated_at",
    "RecipientLastName": "last_name", "RecipientFirstName": "first_name",
    "UserLanguage": "language", "Transactions": "orders", "Campaign type": "message_type",
}  # fmt: skip
_PARTS = ("base", "right", "wrong", "missed")
HOME_MADE = Path(__file__).parent / "home_made.toml"


def catalogue() -> list[Spelled]:
    found = []
    for entry in EXPORTS:
        rows = [row for row in entry["sample_rows"] if len(row) == len(entry["headers"])]
        if entry["layout"] in {"table", "key_value"} and rows:
            cells = list(zip(*rows, strict=True))
            fields = [entry["mapping"].get(header) for header in entry["headers"]]
            columns = tuple(
                Column(header, _truth(header, field, fields[:at]), tuple(cells[at]))
                for at, (header, field) in enumerate(zip(entry["headers"], fields, strict=True))
            )
            found.append(
                Spelled(entry["system"], entry["export"], (entry["facts_grain"],), columns)
            )
    return found


def _truth(header: str, field: str | None, before: list[str | None]) -> frozenset[str]:
    """What a column may be; a second column of a field can stay a dimension."""
    if field is None:
        return frozenset({JUDGED.get(header, NO_FIELD), NO_FIELD})
    return frozenset({field, NO_FIELD} if field in before else {field})


def read_as_a_file(table: Spelled, folder: Path):
    """The mapping of the export as a file in its own format."""
    entry = next(
        item for item in EXPORTS if (item["system"], item["export"]) == (table.vendor, table.export)
    )
    if entry["layout"] != "table":
        return guessed(table, folder)
    path = folder / "export.csv"
    path.write_bytes(files.as_text(files._table(entry)))
    return suggest(read(path, workdir=folder)[0])


def guessed(table: Spelled, folder: Path):
    rows = [list(row) for row in zip(*(column.values for column in table.columns), strict=True)]
    return suggest(made_table(folder, [column.header for column in table.columns], rows))


@pytest.fixture
def nothing_known(monkeypatch):
    monkeypatch.setattr(recognition, "systems", lambda: MappingProxyType({}))


def test_the_catalogue_without_its_systems(tmp_path, nothing_known):
    tables = catalogue()
    assert len(tables) > 60
    levels: Counter[tuple[str, bool]] = Counter()
    lines = []
    scores = []
    for table in tables:
        mapping = read_as_a_file(table, tmp_path)
        for column, item in zip(table.columns, mapping.columns, strict=True):
            if item.field:
                levels[item.level, item.field in column.fields] += 1
        fields = [item.field for item in mapping.columns]
        scores.append(score_of((table,), lambda _, __, found=fields: found, tmp_path))
        if scores[-1].base:
            lines.append(f"{table.vendor} | {table.export}: {scores[-1]}")
    ours = _sum(scores)
    precision = {level: _share(levels, level) for level in ("sure", "likely", "ask")}
    lines += [f"all: {ours}", f"right by level: {precision}"]
    for plain in ("rapidfuzz.WRatio >= 85", "exact names"):
        other = score_of(tuple(tables[::8]), WAYS[plain], tmp_path)
        part = _sum(scores[::8])
        lines.append(f"one table of eight: {plain}: {other}; ours: {part}")
        assert part.right - part.wrong > other.right - other.wrong
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.write("\n".join([*ours.lines, ""]))
    assert ours.right_share >= 0.94, str(ours)
    assert ours.wrong_share <= 0.01, str(ours)
    assert precision["sure"] == 1
    assert precision["likely"] >= 0.99


def _sum(scores: list[Score]) -> Score:
    parts = {part: sum(getattr(score, part) for score in scores) for part in _PARTS}
    return Score(**parts, lines=tuple(line for score in scores for line in score.lines))


def _share(levels: Counter[tuple[str, bool]], level: str) -> float:
    return levels[level, True] / max(levels[level, True] + levels[level, False], 1)


def test_home_made_tables(tmp_path):
    wrong, missed, right = [], [], 0
    for entry in tomllib.loads(HOME_MADE.read_text(encoding="utf-8"))["table"]:
        headers = [column[0] for column in entry["columns"]]
        rows = [[column[at] for column in entry["columns"]] for at in (1, 2)]
        mapping = suggest(made_table(tmp_path, headers, rows))
        assert mapping.grain == entry["grain"], headers
        for column, item in zip(entry["columns"], mapping.columns, strict=True):
            allowed = set(column[3].split("|"))
            if (item.field or "") in allowed:
                right += bool(item.field)
            else:
                (wrong if item.field else missed).append((item.name, item.field))
    assert wrong == []
    assert right >= 120
    assert len(missed) <= 0.05 * (right + len(missed)), missed


def test_greedy_assignment_is_the_best_one(tmp_path):
    for table in catalogue():
        rows = [list(row) for row in zip(*(c.values for c in table.columns), strict=True)]
        seen = look(made_table(tmp_path, [c.header for c in table.columns], rows))
        grain = table.grains[0]
        taken = assign(seen.guesses, seen.profiles, seen.rates, grain)
        order = {field: at for at, field in enumerate(fields_of(grain))}
        profit = [[0.0] * len(order) for _ in seen.names]
        for at, found in enumerate(seen.guesses):
            for guess in on_grain(found, seen.profiles[at], grain, rate=seen.rates[at]):
                cell = profit[at][order[guess.field]]
                profit[at][order[guess.field]] = max(cell, guess.score)
        picked = zip(*linear_sum_assignment(profit, maximize=True), strict=True)
        best = sum(profit[row][column] for row, column in picked)
        assert sum(guess.score for guess in taken.values()) == pytest.approx(best), table.export
