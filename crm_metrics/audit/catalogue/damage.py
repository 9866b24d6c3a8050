"""Cells that a program spoilt on their way: letters read in a wrong encoding."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.audit.conditions import within
from crm_metrics.audit.model import Check, Settings
from crm_metrics.metrics.expressions import any_true

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
_TEXTS = {
    "contacts": ("full_name", "first_name", "last_name", "company", "city", "source", "comment"),
    "deals": ("title", "contact_name", "company", "stage", "owner", "lost_reason", "comment"),
    "orders": ("product", "category", "full_name", "city", "status", "comment"),
    "activities": ("comment", "owner", "result", "activity_type"),
    "surveys": ("comment", "question"),
}


def _spoilt(table: ir.Table, _: Settings, *, names: tuple[str, ...]) -> ir.BooleanValue:
    filled = any_true(table[name].notnull() for name in names)
    texts = (table[name].cast("string") for name in names)
    return within(filled, any_true(text.re_search(_SPOILT_TEXT) for text in texts))


CHECKS = tuple(
    Check(
        key="encoding_damaged",
        grain=grain,
        needs=("|".join(names),),
        severity=2,
        effort="S",
        broken=partial(_spoilt, names=names),
        shows=names,
    )
    for grain, names in _TEXTS.items()
)
