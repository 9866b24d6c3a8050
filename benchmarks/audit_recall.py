"""What the audit finds of defects of known number in a made-up CRM, and of a clean one.

python -m benchmarks.audit_recall [--contacts 50000] [--deals 20000] [--seed 11] [--files]

Deals have about six activities each. Per check and scope: how many defects there are, how many
findings, how many of these are right, and how many are found of how many where nothing is wrong.
With --files the CRM is written as a Russian and an English CSV of each kind, and the command line
is asked of them: every count that differs from that of the frames is named.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from crm_metrics.audit import Settings, audit
from tests.audit.crm import Crm
from tests.audit.made import TODAY, engine
from tests.audit.made_files import as_exported, write_files
from tests.audit.made_trade import made_trade
from tests.audit.made_whole import sales_crm
from tests.audit.proved import OF_SALES, OF_TRADE, OF_VALUES
from tests.audit.recall import Told, of_checks, of_duplicates


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=50_000)
    options.add_argument("--deals", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=11)
    options.add_argument("--files", action="store_true")
    chosen = options.parse_args()
    if chosen.files:
        _compare_files(sales_crm(chosen.contacts, chosen.deals, chosen.seed))
        return
    counts = (chosen.contacts, chosen.deals)
    spoilt, clean = (
        [list(part) for part in _of_all(*counts, chosen.seed + clean, clean=clean)]
        for clean in (False, True)
    )
    print(f"{'check':48} {'there are':>9} {'found':>8} {'right':>8}  recall  precision  clean of")
    for told, well in zip(spoilt, clean, strict=True):
        of_clean = {(one.check, one.scope): one for one in well}
        for one in told:
            _show(one, of_clean.get((one.check, one.scope)))


def _of_all(contacts: int, deals: int, seed: int, *, clean: bool) -> Iterator[list[Told]]:
    """What the checks tell of each made-up CRM that is made for them, one at a time."""
    crm = sales_crm(contacts, deals, seed, clean=clean)
    print("clean:" if clean else "spoilt:", {name: len(own) for name, own in crm.frames.items()})
    yield [*of_checks(crm, OF_VALUES | OF_SALES), of_duplicates(crm)]
    yield of_checks(made_trade(contacts, seed, clean=clean), OF_TRADE)


def _compare_files(crm: Crm) -> None:
    """The findings of the command line over files beside those of frames."""
    with TemporaryDirectory() as folder:
        paths = map(str, write_files(crm, Path(folder)))
        asked = ["audit", *paths, "--today", TODAY.isoformat(), "--json"]
        ran = subprocess.run(
            [sys.executable, "-m", "crm_metrics", *asked], capture_output=True, check=True
        )
    ours = audit(engine(**as_exported(crm).frames), Settings(today=TODAY))
    frames = {(one.check, one.scope): one.count for one in ours.findings}
    files = {
        (one["check"], one["scope"]): one["count"] for one in json.loads(ran.stdout)["findings"]
    }
    print(f"{len(frames)} findings of frames, {len(files)} of files; those that differ:")
    for check, scope in sorted(frames.keys() | files.keys()):
        counts = frames.get((check, scope), 0), files.get((check, scope), 0)
        if counts[0] != counts[1]:
            print(f"{check + ' ' + scope:48} {counts[0]:9,} {counts[1]:9,}")


def _show(one: Told, clean: Told | None) -> None:
    counts = f"{one.true:9,} {one.found:8,} {one.right:8,}"
    shares = f"{one.recall:.4f}     {one.precision:.4f}"
    well = f"{clean.found:6,} {clean.base:,}" if clean else "     -"
    print(f"{one.check + ' ' + one.scope:48} {counts}  {shares} {well}")


if __name__ == "__main__":
    main()
