"""What data sets share, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from crm_metrics.findings.wording import field_name, inside, sum_text
from crm_metrics.schema import FIELDS
from crm_metrics.store.together.counting import in_force
from crm_metrics.store.together.zones import differ
from crm_metrics.texts import date_text, period_text, t

if TYPE_CHECKING:
    from crm_metrics.store import Amounts, Dataset, How, Money, Overlap, Rate, Times, Total

_MOST_TOTALS = 4


def overlap_text(overlap: Overlap, names: Mapping[str, str], lang: str) -> str:
    """What two data sets share and what speaks against it; `names` are by data set or column."""
    said = [_shared(overlap, names, lang)]
    if overlap.totals:
        sums = [_total(one, overlap, names, lang) for one in overlap.totals[:_MOST_TOTALS]]
        said.append(f"{'; '.join(sums)}.")
    if overlap.kind in {"finer", "totals"}:
        said.append(t("together.agree" if overlap.agrees else "together.differ", lang))
        if not overlap.agrees:
            said.append(t(f"together.reason.{overlap.kind}", lang))
    if overlap.lost and overlap.kind == "records" and overlap.how != "both":
        lost = field_list(overlap.lost, names, lang)
        said.append(t("together.lost", lang, first=names[overlap.first], fields=lost))
    if overlap.doubt and not overlap.chosen:
        said.append(t(f"together.doubt.{overlap.doubt}", lang))
    return " ".join(said)


def how_text(overlap: Overlap, how: How, names: Mapping[str, str], lang: str) -> str:
    """A way to count an overlap, as a part of a sentence."""
    shown = {"first": names[overlap.first], "second": names[overlap.second]}
    if overlap.kind == "finer":
        named = {"both": (), "once_first": ("first",)}.get(how, tuple(shown))
        return t(f"together.how.finer_{how}", lang, **{side: shown[side] for side in named})
    needed = {"once": ("second",), "once_first": ("first",), "both": ()}.get(how, tuple(shown))
    return t(f"together.how.{how}", lang, **{side: shown[side] for side in needed})


def overlap_texts(
    datasets: Sequence[Dataset], overlaps: Sequence[Overlap], lang: str
) -> tuple[str, ...]:
    """What data sets share and how it is counted, a text a pair; names of files as they are."""
    names = names_of(datasets) if overlaps else {}
    said = tuple(counted_text(overlap, names, lang) for overlap in in_force(overlaps))
    return (*said, *apart_texts(datasets, lang))


def apart_texts(
    datasets: Sequence[Dataset], lang: str, shown: Callable[[str], str] = str
) -> tuple[str, ...]:
    """Which files and tables of a data base are of one kind, and so add up; a sentence a kind.

    `shown` writes a name. What both tell of is not looked for: rows do not leave the data base.
    """
    names = names_of(datasets)
    with_facts = [item for item in datasets if item.facts]
    said = []
    for grain in dict.fromkeys(item.facts.grain for item in with_facts if item.facts):
        own = [item for item in with_facts if item.facts and item.facts.grain == grain]
        here = [shown(names[item.id]) for item in own if not item.remote]
        there = [shown(names[item.id]) for item in own if item.remote]
        if here and there:
            tables = ", ".join(there)
            said.append(t("together.apart", lang, files=", ".join(here), tables=tables))
    return tuple(said)


def money_texts(
    amounts: Sequence[Amounts], money: Money, lang: str, shown: Callable[[str], str] = str
) -> tuple[str, ...]:
    """At which rates amounts are converted, and which are not; `shown` writes a currency."""
    codes = sorted({code for one in amounts for code in one.currencies})
    said = [
        rate_text("money.converted", rate, money, lang, shown)
        for rate in money.rates
        if rate.currency in codes and rate.currency in money.worth
    ]
    apart = [code for code in codes if code not in money.worth and code != money.currency]
    if apart and len(codes) > 1:
        said.append(t("money.apart", lang, codes=shown(", ".join(codes))))
    return tuple(said)


def rate_text(
    key: str, rate: Rate, money: Money, lang: str, shown: Callable[[str], str] = str
) -> str:
    """A rate and the day on which it was typed."""
    return t(
        key,
        lang,
        code=shown(rate.currency),
        worth=float(rate.worth),
        shown=shown(money.currency or ""),
        day=date_text(rate.entered, lang),
    )


def zone_texts(
    datasets: Sequence[Dataset],
    times: Sequence[Times],
    lang: str,
    shown: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """In which zones times stand, where these differ or were moved; `shown` writes a name."""
    names = names_of(datasets)
    if not differ(times) and not any(one.shown for one in times):
        return ()
    by_zone: dict[str | None, list[str]] = {}
    for one in times:
        by_zone.setdefault(one.shown or one.written, []).append(shown(names[one.dataset]))
    unknown = by_zone.pop(None, [])
    said = [
        t("zones.of_files", lang, zone=zone, files=", ".join(files))
        for zone, files in by_zone.items()
    ]
    if unknown:
        said.append(t("zones.unknown_files", lang, files=", ".join(unknown)))
    code = "zones.moved" if any(one.shown for one in times) else "zones.not_moved"
    return (f"{t(code, lang)} {' '.join(said)}",)


def counted_text(overlap: Overlap, names: Mapping[str, str], lang: str) -> str:
    """What two data sets share and how it is counted."""
    if len(overlap.options) == 1:
        return overlap_text(overlap, names, lang)
    how = how_text(overlap, overlap.how, names, lang)
    return f"{overlap_text(overlap, names, lang)} {t('together.counts', lang, how=how)}"


def names_of(datasets: Sequence[Dataset]) -> dict[str, str]:
    """The file's name of each data set, with its table's where the file has several.

    Beside them the header of each unmapped column, by its name in an engine's tables.
    """
    files = [item.table.file_name for item in datasets]
    names = {name: header for item in datasets for name, header in item.unmapped.items()}
    for item in datasets:
        file = item.table.file_name
        names[item.id] = file if files.count(file) == 1 else f"{file} · {item.table.name}"
    return names


def field_list(keys: Sequence[str], names: Mapping[str, str], lang: str) -> str:
    """Fields by their names, unmapped columns by their headers."""
    return ", ".join(
        inside(field_name(key, lang)) if key in FIELDS else names.get(key, key) for key in keys
    )


def _shared(overlap: Overlap, names: Mapping[str, str], lang: str) -> str:
    first, second = names[overlap.first], names[overlap.second]
    if overlap.kind == "period":
        period = period_text(overlap.period, lang)
        return t("together.period", lang, first=first, second=second, period=period)
    if overlap.kind == "totals":
        period = period_text(overlap.period, lang)
        return t("together.totals", lang, first=first, second=second, period=period)
    if overlap.kind == "finer":
        return t("together.finer", lang, first=first, second=second, count=overlap.same)
    fields = field_list(overlap.key, names, lang)
    if overlap.kind == "cut":
        measures = field_list(overlap.measures, names, lang)
        return t("together.cut", lang, first=first, second=second, fields=fields, measures=measures)
    counts = {
        "same": overlap.same,
        "changed": overlap.changed,
        "gone": overlap.only_first,
        "new": overlap.only_second,
    }
    if overlap.is_version:
        total = overlap.shared + overlap.only_first
        return t("together.version", lang, first=first, second=second, total=total, **counts)
    return t("together.records", lang, first=first, second=second, fields=fields, **counts)


def _total(total: Total, overlap: Overlap, names: Mapping[str, str], lang: str) -> str:
    return t(
        "together.total",
        lang,
        name=field_name(total.field, lang),
        one=sum_text(total.first, lang),
        two=sum_text(total.second, lang),
        first=names[overlap.first],
        second=names[overlap.second],
    )
