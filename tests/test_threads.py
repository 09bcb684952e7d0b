"""BLAS's own threads while the network reads, and the threads it reads with."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from index.threads import in_parallel, one_blas_thread


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    """As on a machine of two cores, whatever this one has."""
    assert np.__version__  # its BLAS is loaded
    with threadpool_limits(2, user_api="blas"):
        yield


def test_blas_is_held_until_the_last_is_done():
    assert blas_threads() == {2}
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == {2}


def test_blas_is_let_go_after_an_error():
    with pytest.raises(ZeroDivisionError):
        in_parallel(lambda number: 1 // number, [1, 0])
    assert blas_threads() == {2}


@pytest.mark.parametrize("count", [0, 1, 30])
def test_results_keep_the_order_of_the_items(count: int):
    """Later items are done first where they can be: each of the first two waits for the other to have begun."""
    both = threading.Barrier(2, timeout=30)
    seen: list[set[int]] = []

    def double(number: int) -> int:
        if number < 2 and count > 1 and (os.cpu_count() or 1) > 1:
            both.wait()
        seen.append(blas_threads())
        return 2 * number

    assert in_parallel(double, range(count)) == [2 * number for number in range(count)]
    assert seen == [{1}] * count
