"""docs/exports.md and docs/exports.ru.md from the systems' TOML files and the texts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from crm_metrics.mapping.recognition.exports import FOLDER
from crm_metrics.schema import kind_of
from crm_metrics.texts import t

KINDS = (
    *("mail", "social", "ads", "web", "crm", "shop", "support", "calls", "surveys", "events"),
    "other",
)
"""Kinds of tools in the order of the page; a system's file that names none is of the last."""

KNOWN_BY_WORDS = Path(__file__).parent / "known_by_words.toml"
_ANCHOR = "known-by-words"


def page(lang: str) -> str:
    """The whole page in Markdown: contents, systems by kind of tool, tools known by words."""
    systems = [
        (path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    ]
    by_kind = {
        kind: sorted(
            (item for item in systems if item[1].get("kind", "other") == kind),
            key=lambda item: item[1]["system"].lower(),
        )
        for kind in KINDS
    }
    blocks = [f"# {_say('title', lang)}", _say("intro", lang), contents(by_kind, lang)]
    for kind, members in by_kind.items():
        if members:
            blocks.append(f"## {_say(f'kind.{kind}', lang)}")
        for stem, content in members:
            blocks.append(f'<a id="{stem}"></a>\n\n### {content["system"]}')
            blocks += sections(content["export"], lang)
    return "\n\n".join([*blocks, known_by_words(lang), _say("made", lang)]) + "\n"


def contents(by_kind: dict[str, list[tuple[str, dict[str, Any]]]], lang: str) -> str:
    """A line for each kind of tool with links to its systems."""
    lines = [
        f"- **{_say(f'kind.{kind}', lang)}**: "
        + ", ".join(f"[{content['system']}](#{stem})" for stem, content in members)
        for kind, members in by_kind.items()
        if members
    ]
    return "\n".join([*lines, f"- [{_say('words_title', lang)}](#{_ANCHOR})"])


def sections(exports: list[dict[str, Any]], lang: str) -> list[str]:
    """The exports of a system; those that say nothing of their own are listed in one line.

    A part of a report that no grain holds is recognised only to be left alone, so it is not told.
    """
    told = [export for export in exports if "grain" in export]
    full = [export for export in told if "how" in export] or told
    same = [title(export, lang) for export in told if export not in full]
    alike = [f"{_say('same', lang)} {'; '.join(same)}."] if same else []
    return [*(section(export, lang) for export in full), *alike]


def title(export: dict[str, Any], lang: str) -> str:
    """What a reader calls the export."""
    told: str = export.get("title", {}).get(lang, export["name"])
    return told


def section(export: dict[str, Any], lang: str) -> str:
    """One export: how to get it, what a row, a time and an amount are, what misleads, columns."""
    grain = export["grain"]
    facts = [f"{_say('row', lang)} {t(f'grain.{grain}.row', lang)}."]
    if "zone" in export:
        facts.append(_say(f"zone.{export['zone']}", lang))
    facts += currency(export, lang)
    if export.get("documented"):
        facts.append(_say("documented", lang))
    blocks = [f"#### {title(export, lang)}"]
    if "how" in export:
        blocks.append(f"**{_say('how', lang)}** {export['how'][lang]}")
    blocks.append(" ".join(facts))
    if told := export.get("traps"):
        blocks += [_say("traps", lang), "\n".join(f"- {trap[lang]}" for trap in told)]
    return "\n\n".join([*blocks, columns(export, lang)])


def currency(export: dict[str, Any], lang: str) -> list[str]:
    """Where the currency of an export's amounts stands; nothing where it has no amounts."""
    amounts = [key for key in export["columns"] if kind_of(key, export["grain"]) == "money"]
    if not amounts:
        return []
    if code := export.get("constants", {}).get("currency"):
        return [_say("currency.fixed", lang, currency=code)]
    if stated := export["columns"].get("currency"):
        return [_say("currency.column", lang, column=stated[0])]
    return [_say("currency.unsaid", lang)]


def columns(export: dict[str, Any], lang: str) -> str:
    """A folded table of the columns that are read, with their meaning."""
    heads = [_say(key, lang) for key in ("column", "meaning", "field")]
    rows = [
        f"| {cell(', '.join(headers))} | {t(f'field.{key}.name', lang)} | `{key}` |"
        for key, headers in export["columns"].items()
    ]
    summary = _say("columns", lang, count=len(rows))
    table = "\n".join([f"| {' | '.join(heads)} |", "|---|---|---|", *rows])
    return f"<details><summary>{summary}</summary>\n\n{table}\n\n</details>"


def known_by_words(lang: str) -> str:
    """The list of tools without a file of their own, with what to check after an upload."""
    tools = tomllib.loads(KNOWN_BY_WORDS.read_text(encoding="utf-8"))["tool"]
    heads = [_say(f"words_{key}", lang) for key in ("tool", "file", "check")]
    rows = [
        f"| {tool['system']} | {cell(tool['title'][lang])} | {cell(tool['check'][lang])} |"
        for tool in sorted(tools, key=lambda tool: KINDS.index(tool["kind"]))
    ]
    return "\n".join(
        [
            f'<a id="{_ANCHOR}"></a>\n\n## {_say("words_title", lang)}',
            "",
            _say("words_intro", lang),
            "",
            f"| {' | '.join(heads)} |",
            "|---|---|---|",
            *rows,
        ]
    )


def cell(text: str) -> str:
    """A text that may hold anything, inside a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def _say(key: str, lang: str, **params: Any) -> str:
    return t(f"export_page.{key}", lang, **params)
