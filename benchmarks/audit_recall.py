"""What the audit finds of defects of known number in a made-up CRM, and of a clean one.

python -m benchmarks.audit_recall [--contacts 50000] [--seed 11]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tests.audit.crm import Crm
from tests.audit.made_defects import made_crm
from tests.audit.made_trade import made_trade
from tests.audit.proved import OF_TRADE, OF_VALUES
from tests.audit.recall import Told, of_checks, of_duplicates


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=11)
    chosen = options.parse_args()
    print(f"{'check':40} {'there are':>9} {'found':>9} {'right':>9}    recall precision")
    for _, told in _of_all(chosen.contacts, chosen.seed):
        for one in told:
            _show(one)
    print(f"found in {chosen.contacts:,} contacts without defects, and of their rows:")
    for crm, told in _of_all(chosen.contacts, chosen.seed + 1, clean=True):
        for one in told:
            if one.found:
                rows = len(crm.frames[one.scope.partition(":")[0]])
                print(f"{_named(one):40} {one.found:9,}  {one.found / rows:.4%}")


def _of_all(contacts: int, seed: int, *, clean: bool = False) -> Iterator[tuple[Crm, list[Told]]]:
    """Each made-up CRM, one at a time, and what the checks that it is made for tell of it."""
    crm = made_crm(contacts, seed, clean=clean)
    yield crm, [*of_checks(crm, OF_VALUES), of_duplicates(crm)]
    crm = made_trade(contacts, seed, clean=clean)
    yield crm, of_checks(crm, OF_TRADE)


def _named(one: Told) -> str:
    return f"{one.check} {one.scope}"


def _show(one: Told) -> None:
    counts = f"{one.true:9,} {one.found:9,} {one.right:9,}"
    print(f"{_named(one):40} {counts}    {one.recall:.4f}    {one.precision:.4f}")


if __name__ == "__main__":
    main()
