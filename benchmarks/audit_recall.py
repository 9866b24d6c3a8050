"""What the audit finds of defects of known number in a made-up CRM, and of a clean one.

python -m benchmarks.audit_recall [--contacts 50000] [--seed 11]
"""

from __future__ import annotations

import argparse

from tests.audit.made_defects import made_crm
from tests.audit.proved import OF_VALUES
from tests.audit.recall import Told, of_checks, of_duplicates


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=11)
    chosen = options.parse_args()
    spoilt = made_crm(chosen.contacts, chosen.seed)
    print(f"{'check':40} {'there are':>9} {'found':>9} {'right':>9}    recall precision")
    for one in (*of_checks(spoilt, OF_VALUES), of_duplicates(spoilt)):
        _show(one)
    clean = made_crm(chosen.contacts, chosen.seed + 1, clean=True)
    print(f"found in {chosen.contacts:,} contacts without defects:")
    for one in (*of_checks(clean, OF_VALUES), of_duplicates(clean)):
        if one.found:
            print(f"{_named(one):40} {one.found:9,}  {one.found / chosen.contacts:.4%}")


def _named(one: Told) -> str:
    return f"{one.check} {one.scope}"


def _show(one: Told) -> None:
    counts = f"{one.true:9,} {one.found:9,} {one.right:9,}"
    print(f"{_named(one):40} {counts}    {one.recall:.4f}    {one.precision:.4f}")


if __name__ == "__main__":
    main()
