"""The TOML files of systems: all load, a newcomer's is known, a wrong one is named and left out."""

from __future__ import annotations

import pytest

from crm_metrics.errors import InputError
from crm_metrics.mapping import SYSTEMS, suggest
from crm_metrics.mapping.recognition import recognising as recognition
from crm_metrics.mapping.recognition.exports import FOLDER, read_system, systems
from crm_metrics.schema import fields_of, grain_named
from tests.mapping.made import made_table

NEWCOMER = """
system = "Acme Mail"

[[export]]
name = "Sends"
grain = "campaigns"
detect = ["Acme opens", "Acme reach-outs"]
date_order = "dmy"
need = 2

[export.constants]
channel = "email"

[export.columns]
campaign_name = ["Sending"]
sent = ["Acme reach-outs"]
opens_unique = ["Acme opens"]

[export.units]
"""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_system_file_can_be_read(path):
    assert {export.system for export in read_system(path)} <= set(SYSTEMS)


def test_every_system_file_names_real_grains_and_fields():
    assert len(SYSTEMS) >= 12
    for exports in SYSTEMS.values():
        for export in exports:
            if export.grain is None:
                assert not any(known.field for known in export.columns.values())
                continue
            grain_named(export.grain)
            fields = {known.field for known in export.columns.values() if known.field}
            assert fields <= set(fields_of(export.grain))
            assert export.signs <= set(export.columns), export.name
            assert set(export.values) <= fields


def test_a_newcomer_adds_a_system_with_one_file(tmp_path, monkeypatch):
    (tmp_path / "acme.toml").write_text(NEWCOMER, encoding="utf-8")
    loaded = systems(tmp_path)
    monkeypatch.setattr(recognition, "systems", lambda: loaded)
    table = made_table(tmp_path, ["Sending", "Acme opens", "Acme reach-outs"], [["May", "5", "10"]])
    mapping = suggest(table)
    assert (mapping.system, mapping.export, mapping.level) == ("Acme Mail", "Sends", "sure")
    assert [item.field for item in mapping.columns] == ["campaign_name", "opens_unique", "sent"]
    assert mapping.constants == {"channel": "email"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('opens_unique = ["Acme opens"]', 'pipeline = ["Acme opens"]'),
        ('grain = "campaigns"', 'grain = "letters"'),
        ('date_order = "dmy"', 'date_order = "ydm"'),
        ('sent = ["Acme reach-outs"]', 'sent = ["Acme opens"]'),
        ('system = "Acme Mail"', ""),
        ("[export.units]", "[export.units"),
        ("need", "needs"),
        ("[export.constants]", "constants = 5"),
        ("need", 'how.en = "Reports > Export"\nneed'),
        ("need", 'traps = [{ ru = "Отказы" }]\nneed'),
    ],
)
def test_a_wrong_system_file_is_named(tmp_path, old, new):
    path = tmp_path / "acme.toml"
    path.write_text(NEWCOMER.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_system(path)
    assert caught.value.code == "bad_system_file"
    assert caught.value.params["file"] == "acme.toml"


def test_a_wrong_system_file_is_left_out_with_a_warning(tmp_path, caplog):
    (tmp_path / "acme.toml").write_text(NEWCOMER, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("system = 'Broken", encoding="utf-8")
    (tmp_path / "other.toml").write_text(NEWCOMER.replace("Acme Mail", "Other"), encoding="utf-8")
    assert list(systems(tmp_path)) == ["Acme Mail", "Other"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "broken.toml" in caplog.text
