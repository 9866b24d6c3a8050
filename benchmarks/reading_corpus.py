"""The corpus of made exports through our reader and through others, each without options.

    python -m benchmarks.reading_corpus [--seeds 1] [--plain]

The corpus is that of the tests (tests/intake/corpus): real systems' shapes, four encodings each,
one kind of damage or none, known cells. A file counts where header, number of records and cells
are all right; of a damaged record, where no repair is certain, its letters. `silent` is the share
of files that came out wrong without an error. With --plain only what every reader promises is
counted: UTF-8, no preamble, one header row or none, no totals, footers or blank lines.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.intake.corpus.damage import DAMAGES, made
from tests.intake.corpus.judging import cell_faults
from tests.intake.corpus.making import Made
from tests.intake.corpus.shapes import SHAPES, Shape

Cells = tuple[Sequence[str], list[list[str]]]


def ours(path: Path) -> Cells:
    from crm_metrics.intake import read

    tables = read(path, name="file.csv", workdir=path.parent / "work")
    if len(tables) > 1:
        return (), []
    return tables[0].headers, tables[0].frame().to_numpy().tolist()


def pandas_sniffed(path: Path) -> Cells:
    import pandas as pd

    frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    return list(map(str, frame.columns)), frame.fillna("").to_numpy().tolist()


def duckdb_sniffed(path: Path) -> Cells:
    """The dialect that DuckDB finds, and the cells as text: typed ones would be written anew."""
    import duckdb

    with duckdb.connect() as connection:
        name = str(path).replace("'", "''")
        found = connection.sql(f"FROM sniff_csv('{name}')")
        sniffed = dict(zip(found.columns, found.fetchone() or (), strict=True))
        options = ["all_varchar=true", f"header={bool(sniffed['HasHeader'])}"]
        options.append(f"skip={int(sniffed['SkipRows'])}")
        for option, key in (("delim", "Delimiter"), ("quote", "Quote"), ("escape", "Escape")):
            mark = str(sniffed[key]).replace("(empty)", "").replace("'", "''")
            options.append(f"{option}='{mark}'")
        result = connection.sql(f"FROM read_csv('{name}', {', '.join(options)})")
        rows = [["" if cell is None else cell for cell in row] for row in result.fetchall()]
        return result.columns, rows


def clevercsv_read(path: Path) -> Cells:
    """CleverCSV finds a dialect; the first row is the header, as its read_dataframe has it."""
    import clevercsv

    rows = clevercsv.read_table(str(path))
    return rows[0], rows[1:]


WAYS: dict[str, Callable[[Path], Cells]] = {
    "ours": ours,
    "CleverCSV": clevercsv_read,
    "DuckDB": duckdb_sniffed,
    "pandas": pandas_sniffed,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=1)
    options.add_argument("--plain", action="store_true")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")  # the others warn of what they read wrongly
    exact: dict[tuple[str, str], list[bool]] = defaultdict(list)
    silent: dict[str, list[bool]] = defaultdict(list)
    for damage in ("", *DAMAGES):
        for shape in SHAPES:
            for encoding in shape.encodings:
                if chosen.plain and not (_is_plain(shape) and encoding == "utf-8"):
                    continue
                for seed in range(1, chosen.seeds + 1):
                    file = made(shape, encoding, damage, seed)
                    for way, read in WAYS.items():
                        right, error = _judged(file, read)
                        exact[way, damage].append(right)
                        silent[way].append(not right and not error)
    print("| damage | files | " + " | ".join(WAYS) + " |")
    print("|---|---|" + "---|" * len(WAYS))
    for damage in ("", *DAMAGES):
        shares = [_share(exact[way, damage]) for way in WAYS]
        files = len(exact["ours", damage])
        print(f"| {damage or 'none'} | {files} | " + " | ".join(shares) + " |")
    print("| silent | | " + " | ".join(_share(silent[way]) for way in WAYS) + " |")


def _is_plain(shape: Shape) -> bool:
    rows = (shape.preamble, shape.second, shape.footer, shape.total, shape.blank_every)
    return not any(rows) and not shape.closing


def _judged(file: Made, read: Callable[[Path], Cells]) -> tuple[bool, bool]:
    """Whether the reader gave the truth, and whether it raised instead of giving anything."""
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "file.csv"
        path.write_bytes(file.content)
        header, rows = read(path)
        return not cell_faults(file, _named(header), rows), False
    except Exception:  # noqa: BLE001 - whatever another reader raises is its refusal
        return False, True
    finally:
        shutil.rmtree(folder)


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Names that readers make up for columns without a header, as ours."""
    made_up = [f"column{i}" for i in range(len(header))]
    return (
        tuple(str(i + 1) for i in range(len(header))) if list(header) == made_up else tuple(header)
    )


def _share(results: Sequence[bool]) -> str:
    return f"{sum(results) / len(results):.2f}"


if __name__ == "__main__":
    main()
