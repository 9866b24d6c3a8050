"""Segments in words: rules, how many people they leave, and why a rule leaves nobody."""

from __future__ import annotations

from datetime import date

from crm_metrics.findings.wording import field_name, inside
from crm_metrics.metrics.segments.membership import Size
from crm_metrics.metrics.segments.segment import ROWS, Measure, Rule, Segment
from crm_metrics.schema import kind_of
from crm_metrics.texts import (
    date_text,
    day_count,
    decimal_text,
    integer_text,
    percent_text,
    t,
)

_SHOWN = 5  # values of a rule


def property_name(grain: str, field: str, measure: Measure, lang: str) -> str:
    """What a rule asks of a person: "Orders: number", "Contacts: city"."""
    of = t(f"grain.{grain}.name", lang)
    return t("segments.property", lang, of=of, what=_what(grain, field, measure, lang))


def _what(grain: str, field: str, measure: Measure, lang: str) -> str:
    if field == ROWS:
        return t(f"segments.rows.{measure}", lang)
    if measure == "score":
        return t(f"segments.score.{field}", lang)
    kind = "flag" if kind_of(field, grain) == "flag" else "field"
    return t(f"segments.{kind}.{measure}", lang, field=inside(field_name(field, lang)))


def rule_text(rule: Rule, lang: str) -> str:
    """A rule in words: "Orders: number — at least 3"."""
    name = property_name(rule.grain, rule.field, rule.measure, lang)
    return t("segments.rule", lang, name=name, comparison=_comparison(rule, lang))


def segment_text(segment: Segment, lang: str) -> str:
    """A segment's name and all its rules, on one line."""
    joined = t(f"segments.join_{segment.match}", lang)
    rules = f"{joined} ".join(rule_text(rule, lang) for rule in segment.rules)
    return t("segments.whole", lang, name=segment.name, rules=rules)


def operator_name(shape: str, operator: str, lang: str) -> str:
    """A comparison as it is chosen: "at least", "in the last … days"."""
    return t(f"segments.operator.{shape}.{operator}", lang)


def size_text(size: Size, lang: str) -> str:
    """How many people a segment has, of how many."""
    share = percent_text(size.people / size.of if size.of else None, lang)
    people, of = (integer_text(one, lang) for one in (size.people, size.of))
    said = t("segments.size", lang, count=size.people, people=people, of=of, share=share)
    if size.nameless:
        nameless = integer_text(size.nameless, lang)
        said += " " + t("segments.nameless", lang, count=size.nameless, rows=nameless)
    return said


def outside_texts(size: Size, lang: str) -> list[str]:
    """What a segment can't tell of: kinds of rows that name nobody, rows in a data base."""
    said = []
    if size.silent:
        grains = ", ".join(inside(t(f"grain.{one}.name", lang)) for one in size.silent)
        said.append(t("segments.silent", lang, grains=grains))
    if size.elsewhere:
        said.append(t("segments.elsewhere", lang))
    return said


def doubt_texts(segment: Segment, size: Size, lang: str) -> list[str]:
    """Which rules nobody can meet here and why, and which one leaves nobody."""
    said = [
        t(
            "segments.unmet",
            lang,
            rule=rule_text(segment.rules[place], lang),
            why=t(f"segments.why.{why}", lang),
        )
        for place, why in size.unmet
    ]
    place = size.emptied_by
    if place is not None and segment.match == "all" and place not in dict(size.unmet):
        rule = rule_text(segment.rules[place], lang)
        if place == 0 or not size.alone[place]:
            said.append(t("segments.nobody_meets", lang, rule=rule))
        else:
            before, alone = (
                integer_text(n, lang) for n in (size.after[place - 1], size.alone[place])
            )
            said.append(t("segments.emptied", lang, rule=rule, before=before, alone=alone))
    return said


def chosen_by_text(segment: Segment, lang: str) -> str:
    """That outcomes chose the people, where rules ask what they did; "" where none does."""
    of_deeds = [rule_text(rule, lang) for rule in segment.rules if rule.is_of_behaviour]
    return t("segments.chosen_by", lang, rules="; ".join(of_deeds)) if of_deeds else ""


def after_text(size: Size, place: int, match: str, lang: str) -> str:
    """How many people are there after a rule, and how many meet it alone."""
    after, alone = (integer_text(n, lang) for n in (size.after[place], size.alone[place]))
    return t(f"segments.after_{match}", lang, after=after, alone=alone)


def counted_back(segment: Segment, size: Size, lang: str) -> str:
    """From which day the rules on the last days count back; "" where none does."""
    back = {rule.grain for rule in segment.rules if rule.operator in ("in_last", "not_in_last")}
    ends = [
        t(
            "segments.end",
            lang,
            grain=inside(t(f"grain.{grain}.name", lang)),
            day=date_text(day, lang),
        )
        for grain, day in size.ends
        if grain in back
    ]
    return t("segments.ends", lang, ends=", ".join(ends)) if ends else ""


def _comparison(rule: Rule, lang: str) -> str:
    if rule.operator == "is_empty":
        return t(f"segments.compared.{rule.shape}.is_empty", lang)
    if rule.shape == "flag":
        return t(f"segments.compared.flag.{rule.values[0]}", lang)
    return t(f"segments.compared.{rule.shape}.{rule.operator}", lang, value=_values(rule, lang))


def _values(rule: Rule, lang: str) -> str:
    if rule.operator in ("in_last", "not_in_last"):
        return day_count(int(rule.values[0]), lang)
    if rule.shape == "number":
        number = float(rule.values[0])
        return integer_text(number, lang) if number.is_integer() else decimal_text(number, lang, 2)
    if rule.shape == "date":
        return date_text(date.fromisoformat(rule.values[0]), lang)
    shown = ", ".join(t("segments.quoted", lang, word=one) for one in rule.values[:_SHOWN])
    more = len(rule.values) - _SHOWN
    return t("segments.and_more", lang, shown=shown, count=more) if more > 0 else shown
