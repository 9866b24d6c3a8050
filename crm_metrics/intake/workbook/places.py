"""How far the cells of a sheet reach, by their references in its XML, without a loop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_Bytes = npt.NDArray[np.uint8]
_Positions = npt.NDArray[np.int64]

_SPACE, _DOUBLE_QUOTE, _QUOTE, _EQUALS, _R = b" \"'=r"
_ZERO, _NINE, _A, _Z = b"09AZ"
_LETTERS = 26
_MOST_LETTERS = 3
_MOST_DIGITS = 7
_PAD = b"\0" * 16


def furthest(xml: bytes) -> tuple[int, int]:
    """The last row and the last column that an attribute r="12" or r="AB12" names; 0 for none."""
    data = np.frombuffer(xml + _PAD, np.uint8)
    equals = np.flatnonzero(data == _EQUALS)
    equals = equals[data[equals - 1] == _R]
    quotes = data[equals + 1]
    named = (data[equals - 2] <= _SPACE) & ((quotes == _DOUBLE_QUOTE) | (quotes == _QUOTE))
    place = equals[named] + 2
    row = column = 0
    number = np.zeros(len(place), np.int64)
    for _ in range(_MOST_LETTERS + 1):
        letters = data[place]
        ended = (letters >= _ZERO) & (letters <= _NINE)
        if ended.any():
            column = max(column, int(number[ended].max()))
            row = max(row, _largest(data, place[ended]))
        goes_on = (letters >= _A) & (letters <= _Z)
        place = place[goes_on] + 1
        number = number[goes_on] * _LETTERS + (letters[goes_on] - (_A - 1))
        if not len(place):
            break
    return row, column


def _largest(data: _Bytes, place: _Positions) -> int:
    """The largest of the numbers of up to seven digits that stand at these places."""
    # Eight bytes from each place at once: digits of one length compare like their numbers.
    words = np.ndarray(len(data) - 7, ">u8", data, strides=(1,))[place].astype(np.uint64)
    largest = 0
    for digits in range(1, _MOST_DIGITS + 1):
        follows = (words >> np.uint64(8 * (_MOST_DIGITS - digits))) & np.uint64(0xFF)
        ended = (follows == _DOUBLE_QUOTE) | (follows == _QUOTE)
        if ended.any():
            found = int(words[ended].max()) >> 8 * (8 - digits)
            largest = max(largest, int(found.to_bytes(digits, "big")))
            words = words[~ended]
        words = words[(follows[~ended] >= _ZERO) & (follows[~ended] <= _NINE)]
        if not len(words):
            break
    return largest
