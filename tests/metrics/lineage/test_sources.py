"""Lines are shown with their files and cells as they stand there, people hidden."""

from pathlib import Path

from crm_metrics.metrics import compute
from crm_metrics.metrics.lineage import SourceLine, in_files, lineage
from crm_metrics.store import Workspace

_PEOPLE = """E-mail,Campaign,Sent at,Delivered,Clicked
anna.k@example.com,May sale,2026-05-04 10:00,yes,no
boris@example.com,May sale,2026-05-04 10:00,yes,yes
"""
_LOG = """Event,Time,Email,Campaign
sent,2026-06-01 10:00,anna.k@example.com,June sale
click,2026-06-01 10:05,boris@example.com,June sale
sent,2026-06-01 10:00,boris@example.com,June sale
"""


def _clicks(folder: Path, text: str, grain: str) -> tuple[SourceLine, ...]:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    space = Workspace(folder / "home")
    (dataset,) = space.add(path, path.name)
    fields = {"E-mail": "email", "Email": "email", "Campaign": "campaign_name",
              "Sent at": "sent_at", "Delivered": "delivered", "Clicked": "clicked",
              "Event": "event_type", "Time": "ts"}  # fmt: skip
    mapping = dataset.mapping.with_grain(grain)
    for place, header in enumerate(dataset.table.headers):
        mapping = mapping.with_field(place, fields[header])
    space.set_mapping(dataset.id, mapping)
    with space.engine() as engine:
        (value,) = compute(engine, ["click_rate"]).values
        return in_files(lineage(engine, value).lines, space.datasets())


def test_cells_stand_under_the_headers_of_the_file(tmp_path):
    lines = _clicks(tmp_path, _PEOPLE, "recipients")
    assert [(one.file, one.line, one.numerator) for one in lines] == [
        ("list.csv", 3, 1.0),
        ("list.csv", 2, 0.0),
    ]
    assert lines[0].cells == {
        "Campaign": "May sale",
        "Sent at": "2026-05-04 10:00",
        "Delivered": "yes",
        "Clicked": "yes",
    }
    assert not lines[0].of_events


def test_of_a_log_the_line_of_the_send_is_named_and_people_are_hidden(tmp_path):
    lines = _clicks(tmp_path, _LOG, "events")
    assert [(one.line, one.numerator, one.of_events) for one in lines] == [
        (4, 1.0, True),
        (2, 0.0, True),
    ]
    assert lines[0].cells == {
        "Event": "sent",
        "Time": "2026-06-01 10:00",
        "Email": "b***@example.com",
        "Campaign": "June sale",
    }


def test_a_line_of_a_data_set_that_is_gone_has_no_cells():
    (line,) = in_files([SourceLine("gone", 2, 1.0, None, frozenset({"sent"}))], [])
    assert (line.file, line.cells) == ("gone", {})
