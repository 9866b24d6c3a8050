"""What comments speak of, in sentences: their themes, what stands beside them, what was counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import estimate, metric_name, shift_texts
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.metrics.themes.dictionary import Dictionary
from crm_metrics.metrics.themes.model import Beside, Source, ThemeCount, Themes
from crm_metrics.texts import integer_text, percent_text, t, value_text

_NEXT = 2
UNITS: dict[str, Unit] = {"nps": "points", "csat": "share"}


def theme_name(key: str, dictionary: Dictionary, lang: str) -> str:
    """A theme's name; the key of one that the dictionary has no more."""
    return next((one.name(lang) for one in dictionary if one.key == key), key)


def source_name(source: Source, lang: str) -> str:
    """Where texts stand: "Comment (surveys)"."""
    grain = t(f"grain.{source.grain}.name", lang)
    return t("themes.source", lang, field=t(f"field.{source.field}.name", lang), grain=grain)


def leading(found: Themes, dictionary: Dictionary, lang: str) -> list[str]:
    """What people write about most, what those with low scores do, and what no theme tells."""
    named = [one for one in found.themes if one.share.components["x"]]
    if not named:
        return [t("themes.none_named", lang, n=integer_text(found.account.texts, lang))]
    first, *others = named
    said = [
        t(
            "themes.most",
            lang,
            theme=theme_name(first.theme, dictionary, lang),
            value=estimate(first.share, "share", lang),
        )
    ]
    if others:
        shown = (
            f"{theme_name(one.theme, dictionary, lang)} ({percent_text(one.share.value, lang)})"
            for one in others[:_NEXT]
        )
        said[0] += " " + t("themes.next", lang, themes=", ".join(shown))
    said += _of_low(found, dictionary, lang)
    said += _moved(named, dictionary, lang)
    return said


def account_words(found: Themes, lang: str) -> list[str]:
    """How many answers are counted and why the others are not; what the numbers do not say."""
    account = found.account
    parts = {"blank": account.blank, "nothing": account.nothing, "other": account.other}
    said = [
        t(
            "themes.counted",
            lang,
            texts=integer_text(account.texts, lang),
            answers=integer_text(account.answers, lang),
            russian=integer_text(account.russian, lang),
            english=integer_text(account.texts - account.russian, lang),
        )
    ]
    apart = [
        t(f"themes.apart_{name}", lang, n=integer_text(n, lang)) for name, n in parts.items() if n
    ]
    if apart:
        said.append(t("themes.apart", lang, parts=", ".join(apart)))
    if found.untold is not None:
        said.append(t("themes.untold", lang, value=estimate(found.untold, "share", lang)))
    total = percent_text(found.mentions / account.texts, lang) if account.texts else ""
    if found.mentions > account.texts:
        said.append(t("themes.over", lang, total=total))
    if account.elsewhere:
        said.append(t("themes.elsewhere", lang))
    return [*said, t("themes.no_judgement", lang)]


def theme_lines(
    found: Themes,
    dictionary: Dictionary,
    lang: str,
    behind: Callable[[Value], Sequence[str]] = lambda _: (),
) -> list[str]:
    """All that is told as lines: the sentences, each theme, other phrases, what is counted.

    `behind` gives what is to be said under a value of where it comes from.
    """
    named = [one for one in found.themes if one.share.components["x"]]
    lines = [f"{t('themes.title', lang)} ({source_name(found.source, lang)}):"]
    lines += leading(found, dictionary, lang)
    for one in named:
        name = theme_name(one.theme, dictionary, lang)
        lines.append(f"{name}: {estimate(one.share, 'share', lang)}")
        lines += [f"  {beside_words(own, lang)}" for own in one.beside if own.clear]
        lines += behind(one.share)
    if found.phrases:
        listed = (f"{one.phrase} ({one.share.components['x']:.0f})" for one in found.phrases)
        lines.append(f"{t('themes.phrases_title', lang)}: {', '.join(listed)}")
    lines += account_words(found, lang)
    return [*lines, *(behind(found.untold) if found.untold is not None else ())]


def beside_words(one: Beside, lang: str) -> str:
    """The score of those who mention a theme against that of the others."""
    unit = UNITS[one.metric]
    texts = shift_texts(Shift(one.difference, one.low, one.high, one.clear), unit, lang)
    key = "beside_unclear"
    if one.clear and one.difference is not None:
        key = "beside_lower" if one.difference < 0 else "beside_higher"
    return t(
        f"themes.{key}",
        lang,
        metric=metric_name(one.metric, lang),
        mention=value_text(one.mention.value, unit, lang),
        n=integer_text(one.mention.n, lang),
        rest=value_text(one.rest.value, unit, lang),
        rest_n=integer_text(one.rest.n, lang),
        **texts,
    )


def change_words(one: ThemeCount, lang: str) -> str:
    """How the theme's share has moved since the period before; "" where none is known."""
    change, before = one.change, one.before
    if change is None or before is None or change.difference is None:
        return ""
    texts = shift_texts(Shift(change.difference, change.low, change.high), "share", lang)
    key = "moved" if change.clear else "not_moved"
    return t(f"themes.{key}", lang, before=value_text(before.value, "share", lang), **texts)


def _of_low(found: Themes, dictionary: Dictionary, lang: str) -> list[str]:
    """The theme that most comments with a low score mention."""
    known: list[tuple[ThemeCount, Value]] = [
        (one, one.complaints) for one in found.themes if one.complaints is not None
    ]
    if not found.low or not known:
        return []
    first, value = max(known, key=lambda pair: pair[1].components["x"])
    if not value.components["x"]:
        return []
    name = theme_name(first.theme, dictionary, lang)
    return [t("themes.of_low", lang, theme=name, value=estimate(value, "share", lang))]


def _moved(named: list[ThemeCount], dictionary: Dictionary, lang: str) -> list[str]:
    """The theme whose share has moved most, where that is clear."""
    clear = [one for one in named if one.change is not None and one.change.clear]
    if not clear:
        return []
    most = max(clear, key=lambda one: abs((one.change and one.change.difference) or 0.0))
    name = theme_name(most.theme, dictionary, lang)
    return [t("themes.moved_most", lang, theme=name, change=change_words(most, lang))]
