"""What the pages of docs/ that are made from declarations write alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm_metrics.texts import t


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; a bar in a cell does not part it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def fields(need: str, lang: str) -> str:
    """The fields of a need ("a|b" is either) by name and key, joined by "or"."""
    joint = f" {t('metric_page.either', lang)} "
    return joint.join(f"{t(f'field.{key}.name', lang)} (`{key}`)" for key in need.split("|"))
