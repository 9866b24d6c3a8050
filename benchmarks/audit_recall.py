"""What the audit finds of defects of known number in a made-up CRM, and of a clean one.

python -m benchmarks.audit_recall [--contacts 50000] [--deals 20000] [--seed 11]

Deals have about six activities each. Per check and scope: how many defects there are, how many
findings, how many of these are right, and how many are found of how many where nothing is wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tests.audit.made_trade import made_trade
from tests.audit.made_whole import sales_crm
from tests.audit.proved import OF_SALES, OF_TRADE, OF_VALUES
from tests.audit.recall import Told, of_checks, of_duplicates


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=50_000)
    options.add_argument("--deals", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=11)
    chosen = options.parse_args()
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


def _show(one: Told, clean: Told | None) -> None:
    counts = f"{one.true:9,} {one.found:8,} {one.right:8,}"
    shares = f"{one.recall:.4f}     {one.precision:.4f}"
    well = f"{clean.found:6,} {clean.base:,}" if clean else "     -"
    print(f"{one.check + ' ' + one.scope:48} {counts}  {shares} {well}")


if __name__ == "__main__":
    main()
