"""How the shipped network shares the processor: threads of its own over batches, and none inside matrix products.

The matrices are small, and BLAS's own threads wait for each other by spinning. Where other programs want the cores too,
a product of a millisecond then waits for time slices: on a busy machine reading thirty passages took ten times longer.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = ["in_parallel", "one_blas_thread"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST = 4  # threads; more gain nothing over the few batches that one question has


def in_parallel(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """``function`` of every item, in their order, while BLAS keeps to the calling threads."""
    given = list(items)
    with one_blas_thread():
        if len(given) == 1:
            return [function(given[0])]
        return list(_pool().map(function, given))


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Holds BLAS to the threads that call it, in the whole process, until the last who asked for it is done."""
    _blas.hold()
    try:
        yield
    finally:
        _blas.release()


class _Blas:
    """The setting is the process's, so it is counted who needs it: the first sets it and the last sets it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._limits: Callable[[], None] = lambda: None

    def hold(self) -> None:
        with self._lock:
            if not self._holders:
                self._limits = _controller().limit(limits=1, user_api="blas").restore_original_limits
            self._holders += 1

    def release(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders:
                self._limits()


_blas = _Blas()


@cache
def _controller() -> ThreadpoolController:
    import numpy as np  # noqa: F401 - its BLAS must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def _pool() -> ThreadPoolExecutor:
    """Shared by all readings, so that many at a time do not have more threads than there are cores."""
    return ThreadPoolExecutor(min(_MOST, os.cpu_count() or 1), thread_name_prefix="tanya-reading")


if hasattr(os, "register_at_fork"):  # a child has none of its parent's threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
