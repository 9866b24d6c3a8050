"""The audit of 1,000,000 contacts with all that a CRM keeps beside them.

    python -m benchmarks.audit [--rows 1000000] [--runs 1] [--folder F]

`values` are all checks of names, phones and e-mails; pandas asks phonenumbers and email-validator
of every cell, as one would write it by hand. `duplicates` are those by mailbox, phone and name
(ours alone). `others` are all other checks, over 400,000 deals, 1,000,000 activities, 500,000
orders and 500,000 messages as well; pandas counts sixteen of them. `all` is the whole audit at
once. Every way is a process of its own, and both must give the same numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.audit_in_pandas import SHOWN, others, values
from benchmarks.made_crm import TODAY, contacts, crm
from benchmarks.measuring import compare, report

WAYS = {
    "values": ("ours", "pandas"),
    "duplicates": ("ours",),
    "others": ("ours", "pandas"),
    "all": ("ours",),
}
Answer = list[tuple[str, int]]


def main() -> None:
    """Run the ways of each step in turn, print the least times, the highest peaks and ratios."""
    compare("benchmarks.audit", __doc__, WAYS, crm, rows=1_000_000, runs=1)


def _ours(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    from crm_metrics.audit import Settings, audit, catalogue
    from crm_metrics.audit.catalogue import duplicates, emails, names, phones
    from crm_metrics.store import Engine

    of_values = {check.key for part in (names, phones, emails) for check in part.CHECKS}
    of_pairs = {check.key for check in duplicates.CHECKS}
    every = {check.key for check in catalogue()}
    asked = {
        "values": of_values,
        "duplicates": of_pairs,
        "others": every - of_values - of_pairs,
        "all": every,
    }[step]
    checks = [check for check in catalogue() if check.key in asked]
    alone = step in ("values", "duplicates")
    engine = Engine([contacts(folder, rows)] if alone else crm(folder, rows))

    def work() -> Answer:
        told = audit(engine, Settings(today=TODAY), checks=checks)
        counts: dict[str, int] = {}
        for one in told.findings:
            counts[one.check] = counts.get(one.check, 0) + one.count
        return [(key, counts.get(key, 0)) for key in SHOWN.get(step, sorted(counts))]

    return work


def _pandas(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    if step == "values":
        path = contacts(folder, rows).facts.path
        return lambda: values(path)
    paths = {one.facts.grain: one.facts.path for one in crm(folder, rows)}
    return lambda: others(paths, TODAY)


if __name__ == "__main__":
    if "--way" in sys.argv:
        way, rows, folder = sys.argv[sys.argv.index("--way") + 1 :][:3]
        name, step = way.split(":")
        make = {"ours": _ours, "pandas": _pandas}[name]
        # What the other way alone needs is no cost of ours.
        used = ["pandas", "phonenumbers"] if name == "pandas" else ["crm_metrics.audit"]
        report(make(step, Path(folder), int(rows)), modules=used)
    else:
        main()
