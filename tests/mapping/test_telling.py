from __future__ import annotations

from pathlib import Path

from crm_metrics.intake import read
from crm_metrics.mapping import suggest
from crm_metrics.mapping.recognition.telling import telling_columns
from crm_metrics.texts.reasons import reason_text


def mapped(folder: Path, content: str, **options: str):
    path = folder / "file.csv"
    path.write_text(content, encoding="utf-8")
    (table,) = read(path, workdir=folder)
    return suggest(table, **options)


def test_the_columns_of_a_known_export_give_it_away():
    sample = Path(__file__).resolve().parents[2] / "sample_data" / "mailchimp_campaigns.csv"
    (table,) = read(sample)
    mapping = suggest(table)
    told = telling_columns(mapping)
    assert mapping.system == "Mailchimp"
    assert told
    assert set(told) <= set(table.headers)
    assert "Title" not in told


def test_the_own_fields_of_a_kind_of_rows_give_it_away(tmp_path):
    rows = "".join(f"Letter {n},Spain,1000,{900 + n}\n" for n in range(1, 9))
    mapping = mapped(tmp_path, f"Mailing,Country,Sent,Delivered\n{rows}")
    assert telling_columns(mapping) == ("Sent", "Delivered")


def test_nothing_gives_away_what_is_not_recognised(tmp_path):
    mapping = mapped(tmp_path, "Aa,Bb\n1,2\n3,4\n")
    assert mapping.grain is None
    assert telling_columns(mapping) == ()


def test_a_column_whose_values_deny_its_name_says_so(tmp_path):
    # A sixth of the cells is no number: too many to count by the column, too few to see why not.
    rows = "".join(f"Letter {n},{'see notes' if n % 6 == 0 else n},{900 + n}\n" for n in range(60))
    mapping = mapped(tmp_path, f"Mailing,Sent,Delivered\n{rows}")
    sent = mapping.columns[1]
    assert sent.field is None
    assert (sent.why.code, sent.why.params) == ("values_unfit", {"field": "sent"})
    assert "“Sent”" in reason_text(sent.why.code, sent.why.params, "en")
