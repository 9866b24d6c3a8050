"""Waiting for what may never answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, call: Callable[[], _T]) -> _T:
    """What the call gives; raises TimeoutError where it does not in so many seconds.

    A call that goes on is left to a thread that keeps no program from ending.
    """
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
            answer.set_exception(error)

    Thread(target=run, daemon=True, name="remote").start()
    return answer.result(seconds)
