"""Writes docs/metrics.md and docs/exports.md from the catalogue, the systems and the texts.

Run `python -m scripts.documents` after adding a metric or a vendor; a test holds them equal.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from crm_metrics.mapping.exports import FOLDER
from crm_metrics.metrics import CATALOGUE, Metric
from crm_metrics.schema import GRAINS
from crm_metrics.texts import LANGUAGES, has, t

DOCS = Path(__file__).parent.parent / "docs"
INTERVALS = {
    "proportion": "Wilson",
    "ratio": "delta method",
    "mean": "Student t",
    "quantile": "order statistics",
    "nps": "adjusted Wald",
    "total": "–",
}
METRICS_HEAD = """\
Made from the catalogue by `python -m scripts.documents`. Сделано из каталога той же командой.

Rates are ratios of sums, never means of ratios; an undefined value is no number with a reason,
never 0. Доли считаются как отношение сумм, а не среднее долей; неопределённое значение — это
причина, а не 0.
"""
EXPORTS_HEAD = """\
Made from `crm_metrics/mapping/systems/*.toml` by `python -m scripts.documents`. Columns may stand
in any order, some may be missing, others stay as dimensions. Столбцы могут стоять в любом порядке,
части может не быть, остальные остаются измерениями.
"""


def metrics_document() -> str:
    """Every metric by grain: names, formula, interval, needs, trap; both languages."""
    parts = [
        "# Metrics\n",
        METRICS_HEAD,
    ]
    for grain in GRAINS:
        metrics = [metric for metric in CATALOGUE if metric.grain == grain]
        if metrics:
            names = " · ".join(t(f"grain.{grain}.name", lang) for lang in LANGUAGES)
            parts.append(f"## {names}\n")
            parts.append("\n".join(map(_metric, metrics)) + "\n")
    return "\n".join(parts)


def exports_document() -> str:
    """Every recognised export: what a row is, which columns are read; both languages."""
    parts = [
        "# Exports\n",
        EXPORTS_HEAD,
    ]
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        parts.append(f"## {content['system']}\n")
        parts.extend(map(_export, content["export"]))
    return "\n".join(parts)


def write() -> None:
    """Write both documents."""
    DOCS.mkdir(exist_ok=True)
    (DOCS / "metrics.md").write_text(metrics_document(), encoding="utf-8")
    (DOCS / "exports.md").write_text(exports_document(), encoding="utf-8")


def _metric(metric: Metric) -> str:
    needs = ", ".join(f"`{need}`" for need in metric.needs) or "–"
    facts = (
        f"`{metric.formula}`",
        INTERVALS[metric.kind],
        metric.unit,
        metric.direction,
        f"n ≥ {metric.minimum_n}",
        needs,
    )
    lines = [
        f"### `{metric.key}`\n",
        " · ".join(facts) + "\n",
    ]
    for lang in LANGUAGES:
        name, meaning = (t(f"metric.{metric.key}.{part}", lang) for part in ("name", "help"))
        trap = f"metric.{metric.key}.trap"
        lines.append(f"- **{name}.** {meaning}{' ' + t(trap, lang) if has(trap, lang) else ''}")
    return "\n".join(lines) + "\n"


def _export(entry: dict[str, Any]) -> str:
    rows = [
        f"| {_cell(', '.join(headers))} | `{field}` | "
        f"{t(f'field.{field}.name', 'en')} | {t(f'field.{field}.name', 'ru')} |"
        for field, headers in entry["columns"].items()
    ]
    grain = entry["grain"]
    names = " · ".join(t(f"grain.{grain}.name", lang) for lang in LANGUAGES)
    head = [f"### {entry['name']}\n", f"`{grain}`: {names}\n"]
    table = ["| column · столбец | field | meaning | смысл |", "|---|---|---|---|", *rows]
    return "\n".join([*head, *table]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    write()
