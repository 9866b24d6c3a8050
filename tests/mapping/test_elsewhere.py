"""Known exports as they look in other accounts: fewer columns, other years, other choices."""

from __future__ import annotations

import tomllib
from pathlib import Path

from crm_metrics.intake import read
from crm_metrics.mapping import suggest

FILES = tomllib.loads(Path(__file__).with_name("elsewhere.toml").read_text(encoding="utf-8"))


def test_known_exports_are_recognised_and_none_is_taken_for_another(tmp_path):
    missed, wrong, fields = [], [], []
    for number, file in enumerate(FILES["file"]):
        path = tmp_path / "export.csv"
        path.write_text(file["text"].lstrip("\n"), encoding="utf-8")
        table = read(path, workdir=tmp_path / str(number))[file.get("table", 1) - 1]
        mapping = suggest(table)
        where = f"{number} {file['system']}: {', '.join(table.headers[:4])}"
        system = mapping.system or ""
        if system != file["system"]:
            (wrong if system else missed).append(f"{where} -> {system}")
        found = {item.name: item.field or "" for item in mapping.columns}
        fields += [
            f"{where}: {name} -> {found.get(name)!r}, not {field!r}"
            for name, field in file["fields"].items()
            if found.get(name) != field
        ]
    assert not wrong
    assert not fields
    assert len(missed) <= 0.05 * len(FILES["file"]), missed
