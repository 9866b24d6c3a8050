"""Simpson's paradox: a total that goes one way while every group goes the other."""

from __future__ import annotations

from crm_metrics.metrics.comparing.model import Simpson, Split


def simpson(found: Split) -> Simpson | None:
    """The paradox in a split, None where there is none.

    Strict: each of two or more groups with a rate on both sides moves against the total, none
    stands still. It is clear where the total's change and every group's are: each at 95 %, since
    all have to be (an intersection-union test, Berger 1982, Technometrics 24, 295-300).
    """
    changes = [group.change for group in found.groups if group.change is not None]
    total = found.total.difference
    if not total or len(changes) < 2 or found.within.value is None or found.mix.value is None:
        return None
    if not all(change.difference and change.difference * total < 0 for change in changes):
        return None
    return Simpson(
        code="total_falls_groups_rise" if total < 0 else "total_rises_groups_fall",
        clear=found.total.clear and all(change.clear for change in changes),
        groups=len(changes),
        one_sided=len(found.groups) - len(changes),
        difference=total,
        within=found.within.value,
        mix=found.mix.value,
    )
