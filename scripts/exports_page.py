"""docs/exports.md and docs/exports.ru.md from the systems' TOML files and the texts."""

from __future__ import annotations

import tomllib
from typing import Any

from crm_metrics.mapping.exports import FOLDER
from crm_metrics.texts import t


def page(lang: str) -> str:
    """The whole page in Markdown: systems by file name, their exports, what a column becomes."""
    blocks = [
        f"# {t('export_page.title', lang)}",
        t("export_page.intro", lang),
        t("export_page.made", lang),
    ]
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        blocks.append(f"## {content['system']}")
        # A part of a report that no grain holds is recognised only to be left alone.
        blocks += [section(export, lang) for export in content["export"] if "grain" in export]
    return "\n\n".join(blocks) + "\n"


def section(export: dict[str, Any], lang: str) -> str:
    """One export: what a row is, and the columns that are read with their meaning."""
    grain = export["grain"]
    column, meaning, field = (
        t(f"export_page.{key}", lang) for key in ("column", "meaning", "field")
    )
    rows = [
        f"| {cell(', '.join(headers))} | {t(f'field.{key}.name', lang)} | `{key}` |"
        for key, headers in export["columns"].items()
    ]
    return "\n".join(
        [
            f"### {export['name']}",
            "",
            *([export["how"][lang], ""] if "how" in export else []),
            f"{t('export_page.row', lang)}: {t(f'grain.{grain}.row', lang)} (`{grain}`).",
            *([t("export_page.documented", lang)] if export.get("documented") else []),
            "",
            *traps(export, lang),
            f"| {column} | {meaning} | {field} |",
            "|---|---|---|",
            *rows,
        ]
    )


def traps(export: dict[str, Any], lang: str) -> list[str]:
    """What misleads in the export, as a list with its lead; nothing where nothing does."""
    told = [f"- {trap[lang]}" for trap in export.get("traps", ())]
    return [t("export_page.traps", lang), "", *told, ""] if told else []


def cell(text: str) -> str:
    """A header that may hold anything, inside a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")
