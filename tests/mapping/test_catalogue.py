"""The catalogue's 78 exports, from their files to their fields; `pytest -rP` prints the figures."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from crm_metrics.mapping import Mapping, suggest, suggest_all
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.recognition.exports import export_named
from tests.mapping.real_files import FOREIGN, RealFile, drifted, variant_files

Understood = list[tuple[RealFile, list[Mapping]]]
SEEDS = 4

# Fields of the data model that the catalogue leaves out: "-" there says that nobody needed them.
BEYOND = {
    "Mailchimp: Single campaign report": {"Times Forwarded:": "forwards"},
    # What stands above the combinations holds for each of them.
    "Mailchimp: A/B (multivariate) campaign report": {
        "Title:": "campaign_name", "Delivery Date/Time:": "sent_at", "Bounces:": "bounces",
        "Total Opens:": "opens_total", "Total Clicks:": "clicks_total",
        "Total Abuse Complaints:": "complaints",
    },
    "Mailchimp: Audience (contacts) export": {"NOTES": "comment"},
    "Klaviyo: Flows export (per message, per day or period)": {
        "Status": "status", "Placed Order Rate": "conversion_rate", "Tags": "tags",
    },
    # The line above the table names the metric.
    "Meta Business Suite: Page / profile metric, daily (Follows, Visits, Views, Viewers, "
    "Interactions, Link clicks)": {"Primary": "followers_gained"},
    "Meta Ads Manager: Ads report (English UI)": {"Ad set delivery": "status"},
    "Sprout Social: Profile performance export": {"Published Posts": "posts"},
    "Яндекс Метрика: Отчёт, CSV (Сводка, Источники, География, UTM ...)": {
        "Интервал дат визита": "date",
    },
    "Matomo: Scheduled report CSV (several reports in one file)": {"nb_uniq_visitors": "users"},
    "Битрикс24: Экспорт сделок (Excel: файл .xls = HTML-таблица)": {
        "Тип": "deal_type", "Контакт: Имя": "first_name", "Контакт: Фамилия": "last_name",
        "UTM Content": "utm_content", "UTM Term": "utm_term",
    },
    "Pipedrive: Deals export": {"Deal - Label": "tags"},
    "Shopify: Orders export": {"Billing Name": "full_name", "Shipping Country": "country"},
    "Zendesk: Tickets CSV (view / legacy export)": {
        "Requester": "full_name", "Requester email": "email",
        "First reply time in minutes within business hours": "first_reply_business_time",
    },
    "Zendesk: Explore export": {"Requester name": "full_name"},
    "Intercom: Conversations dataset export": {"Started by": "initiator", "Title": "subject"},
    "Chatwoot: CSAT responses CSV": {"Link to the conversation": "url"},
    "SurveyMonkey: All responses export (expanded or condensed)": {
        "First Name": "first_name", "Last Name": "last_name",
    },
    "Qualtrics: Responses CSV (legacy/new)": {
        "Status": "status", "RecipientLastName": "last_name", "RecipientFirstName": "first_name",
        "UserLanguage": "language",
    },
}  # fmt: skip

# A part of a file that is another table than its export, and by data_model.md has no grain.
PARTS = {
    "Mailchimp": {"Clicks by URL"},
    "Zoom": {"Webinar summary", "Hosts and panelists"},
}
# What is left of these small tables after a third is gone stands in anybody's.
SMALL = {
    "Google Forms: Ответы (лист/CSV), русский интерфейс": "the moment alone is Google's",
    "Google Forms: Responses, English UI": "the moment alone is Google's",
}


@pytest.fixture(scope="module")
def files(catalogue_files: list[RealFile]) -> Understood:
    return [(file, suggest_all(file.tables)) for file in catalogue_files]


def wrong_fields(file: RealFile, mapping: Mapping) -> list[str]:
    """Columns whose field is none of theirs, by the catalogue and the table above."""
    beyond = BEYOND.get(f"{file.system}: {file.export}", {})
    return [
        f"{item.name} is taken for {item.field}, not {true}"
        for item in mapping.columns
        if item.field
        and (true := file.truth.get(read_name(item.name).key, beyond.get(item.name)))
        and item.field != true
    ]


def missed_fields(file: RealFile, mapping: Mapping) -> list[str]:
    """Columns that have a field and got none, where no other column gives it either."""
    return [
        f"{item.name} is no {true}"
        for item in mapping.columns
        if item.field is None
        and (true := file.truth.get(read_name(item.name).key))
        and true not in mapping.fields
    ]


def unforeseen(file: RealFile, mapping: Mapping) -> list[str]:
    """Columns with a field where neither the catalogue nor the table above names one."""
    beyond = BEYOND.get(f"{file.system}: {file.export}", {})
    return [
        f"{item.name} is taken for {item.field}"
        for item in mapping.columns
        if item.field and item.name not in beyond and read_name(item.name).key not in file.truth
    ]


def tell(title: str, lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join((title, *lines, "")))


def test_every_high_and_medium_export_is_known_with_every_column(files: Understood):
    problems, lines = [], []
    for file, mappings in files:
        if file.entry["confidence"] == "low":
            continue
        for table, found in zip(file.tables, mappings, strict=True):
            place = f"{file} [{table.name}]"
            if found.system != file.system or found.level not in {"sure", "likely"}:
                problems.append(f"{place}: {found.system}, {found.level}")
            elif found.export in PARTS.get(file.system, ()):
                problems += [f"{place}: {item.name}" for item in found.columns if item.field]
            elif (found.export, found.grain) != (file.export, file.grain):
                problems.append(f"{place}: {found.export}, {found.grain}")
            else:
                bad = wrong_fields(file, found) + missed_fields(file, found)
                problems += [f"{place}: {text}" for text in bad + unforeseen(file, found)]
            lines.append(f"{place}: {found.level}, {len(found.fields)} fields")
    tell(f"{len(lines)} tables of high and medium exports", lines)
    assert not problems, "\n".join(problems)


def test_no_low_export_gets_a_wrong_field_or_another_system(files: Understood):
    """A field beyond the catalogue's is no error there: it was written from memory, in short."""
    problems, lines = [], []
    for file, mappings in files:
        if file.entry["confidence"] != "low":
            continue
        assert not file.described, f"{file}: no signature on what nobody has seen"
        for found in mappings:
            problems += [f"{file}: {text}" for text in wrong_fields(file, found)]
            if found.system not in {None, file.system}:
                problems.append(f"{file}: {found.system}")
            beyond = "; ".join(unforeseen(file, found))
            lines.append(f"{file}: {len(found.fields)} fields, beyond the catalogue: {beyond or 0}")
    tell("Low exports", lines)
    assert not problems, "\n".join(problems)


def test_headers_of_other_languages_and_versions_count_alike(tmp_path: Path):
    problems, lines = [], []
    for file in variant_files(tmp_path):
        (found,) = suggest_all(file.tables)
        if (found.system, found.grain) != (file.system, file.grain):
            problems.append(f"{file}: {found.system}, {found.export}, {found.grain}")
        problems += [f"{file}: {text}" for text in wrong_fields(file, found)]
        lines.append(f"{file}: {found.export}, {found.level}, {len(found.fields)} fields")
    tell("Other headers of known exports", lines)
    assert not problems, "\n".join(problems)


def test_known_exports_survive_shuffling_dropping_and_foreign_columns(
    files: Understood, tmp_path: Path
):
    """30 % of the columns gone, three foreign ones added, in another order, several times over."""
    problems, lines = [], []
    for file, mappings in files:
        for table, whole in zip(file.tables, mappings, strict=True):
            if not file.described or whole.export != file.export:
                continue
            counts: Counter[str] = Counter()
            for seed in range(SEEDS):
                thin = suggest(drifted(tmp_path, table, random.Random(seed)))
                place = f"{file} [{table.name}], {seed}"
                counts[kind := outcome(whole, thin)] += 1
                if kind == "another" or (kind == "unknown" and str(file) not in SMALL):
                    problems.append(f"{place}: {kind}: {thin.system}, {thin.export}")
                problems += [f"{place}: {text}" for text in strange(file, whole, thin)]
            told = ", ".join(f"{kind} {count}" for kind, count in counts.items())
            lines.append(f"{file} [{table.name}]: {told}")
    tell(f"Drifted files, {SEEDS} of each", lines)
    assert not problems, "\n".join(problems)


def outcome(whole: Mapping, thin: Mapping) -> str:
    if (thin.system, thin.export) == (whole.system, whole.export):
        return "right"
    if (whole.system, whole.export) in thin.rivals:
        return "asked"
    return "unknown" if thin.system is None else "another"


def strange(file: RealFile, whole: Mapping, thin: Mapping) -> list[str]:
    """Columns that got a field in the thinned file which is none of theirs."""
    known = export_named(file.system, file.export).columns
    before = {item.name: item.field for item in whole.columns}
    found = []
    for item in thin.columns:
        key = read_name(item.name).key
        # A column that yielded its field to a better one takes it when that one is gone.
        own = {before.get(item.name), file.truth.get(key)}
        own.add(known[key].field if key in known else None)
        if item.field and (item.name in FOREIGN or item.field not in own):
            found.append(f"{item.name} is taken for {item.field}")
    return found


def test_the_catalogue_is_described_whole(files: Understood):
    missing = [str(f) for f, _ in files if f.entry["confidence"] != "low" and not f.described]
    assert not missing
    assert len(files) == 78
