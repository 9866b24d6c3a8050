"""The stated limits of reading; each has its own sentence when it is met."""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 500 * MEGABYTE
MAX_UNPACKED_BYTES: Final = 2048 * MEGABYTE
MAX_RATIO: Final = 200
"""Unpacked to packed; a real sheet of 300,000 rows has 7, bombs have hundreds."""
RATIO_FLOOR_BYTES: Final = 10 * MEGABYTE
"""Below this size the ratio says nothing: a tiny file of one repeated line packs very well."""
MAX_MEMBERS: Final = 200
MAX_CELLS: Final = 20_000_000
MAX_COLUMNS: Final = 2_000
MAX_LINE_BYTES: Final = 8 * MEGABYTE
BLOCK_BYTES: Final = 2 * MEGABYTE
WINDOW_BYTES: Final = 4 * MEGABYTE
"""How much of a text file is looked at to find its tables."""
SAMPLE_BYTES: Final = 256 * 1024
PREVIEW_BYTES: Final = 256 * 1024
PREVIEW_MEMBERS: Final = 5
PREVIEW_ROWS: Final = 500
"""Of each sheet of a workbook."""
PREVIEW_UNPACKED: Final = 2 * WINDOW_BYTES
"""How much of a packed file a preview unpacks: its tables are looked for as in the whole."""
MAX_RECORD_LINES: Final = 2_000
"""A quoted cell with more line breaks than this is taken for a lost quote."""
CHILD_SECONDS: Final = 120
CHILD_BYTES: Final = 2048 * MEGABYTE
MAX_EXAMPLES: Final = 1_000
MAX_EXAMPLE_TEXT: Final = 1_000
