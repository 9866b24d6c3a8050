"""Cells that a program spoilt on their way: numbers in Excel, letters in a wrong encoding."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.audit.conditions import within
from crm_metrics.audit.model import Check, Settings
from crm_metrics.metrics.expressions import any_true

# 7.9E+10, 79161234567.0, and a 16th digit and more that became zeros.
_SPOILT_NUMBER = r"^\d+([.,]\d+)?[eE]\+?\d+$|^\d{9,}[.,]0$|^[1-9]\d{14}0+$"
# UTF-8 of Cyrillic letters read as cp1251: two letters in turn become a capital and a sign each. In
# capitals Ukrainian words have such pairs too ("СІРІУС"): one pair has to have another sign.
_OF_UKRAINIAN = "ІЄЇҐ"
_OF_OTHERS = "ЂЃѓЉЊЌЋЏђљњќћџЎўЈіґєјЅѕї‚„…†‡€‰‹‘’“”•–—™›¤¦§©«¬®°±µ¶·№»"
_PAIR, _SURE_PAIR = f"[РС][{_OF_OTHERS}{_OF_UKRAINIAN}]", f"[РС][{_OF_OTHERS}]"
# UTF-8 read as cp1252, as Latin-1 and as cp1251; cp1251 read as Latin-1; what no encoding has.
_SPOILT_TEXT = "|".join(
    (
        "\N{REPLACEMENT CHARACTER}",
        "пїЅ",
        "[ÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]",
        "Ã[\u0080-\u00bf]",
        f"{_PAIR}{_SURE_PAIR}",
        f"{_SURE_PAIR}{_PAIR}",
        "[À-ÿ]{5,}",
    )
)
_IDS = {
    "contacts": ("contact_id", "customer_id", "phone"),
    "deals": ("deal_id", "customer_id", "phone"),
    "orders": ("order_id", "customer_id", "phone"),
    "activities": ("object_id",),
}
_TEXTS = {
    "contacts": ("full_name", "first_name", "last_name", "company", "city", "source", "comment"),
    "deals": ("title", "contact_name", "company", "stage", "owner", "lost_reason", "comment"),
    "orders": ("product", "category", "full_name", "city", "status", "comment"),
    "activities": ("comment", "owner", "result", "activity_type"),
    "surveys": ("comment", "question"),
}


def _spoilt(
    table: ir.Table, _: Settings, *, names: tuple[str, ...], pattern: str
) -> ir.BooleanValue:
    filled = any_true(table[name].notnull() for name in names)
    return within(filled, any_true(table[name].cast("string").re_search(pattern) for name in names))


CHECKS = (
    *(
        Check(
            key="id_damaged",
            grain=grain,
            needs=("|".join(names),),
            severity=1,
            effort="S",
            broken=partial(_spoilt, names=names, pattern=_SPOILT_NUMBER),
            shows=names,
        )
        for grain, names in _IDS.items()
    ),
    *(
        Check(
            key="encoding_damaged",
            grain=grain,
            needs=("|".join(names),),
            severity=2,
            effort="S",
            broken=partial(_spoilt, names=names, pattern=_SPOILT_TEXT),
            shows=names,
        )
        for grain, names in _TEXTS.items()
    ),
)
