"""Rates, the gate and the way to stop, without a network."""

from __future__ import annotations

import asyncio

import pytest

from server.limits import Drain, Gate, RateLimit
from server.problems import ProblemError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(limit: RateLimit, caller: str, rate: int, times: int) -> int:
    """How many of so many requests are served."""
    served, seen = 0, set()
    for _ in range(times):
        try:
            limit.take(caller, rate)
        except ProblemError as problem:
            seen.add(problem.status_code)
        else:
            served += 1
    assert seen <= {429}
    return served


def test_a_minutes_requests_come_at_once_and_then_at_their_rate():
    clock = Clock()
    limit = RateLimit(clock)
    assert taken(limit, "a", 30, 50) == 30
    clock.now += 10
    assert taken(limit, "a", 30, 50) == 5
    clock.now += 1_000_000
    assert taken(limit, "a", 30, 50) == 30


def test_callers_do_not_use_up_each_others_requests():
    limit = RateLimit(Clock())
    assert taken(limit, "a", 3, 5) == 3
    assert taken(limit, "b", 3, 5) == 3


def test_who_waits_as_long_as_told_is_served():
    clock = Clock()
    limit = RateLimit(clock)
    assert taken(limit, "a", 7, 7) == 7
    with pytest.raises(ProblemError) as caught:
        limit.take("a", 7)
    clock.now += int(caught.value.headers["Retry-After"])
    assert taken(limit, "a", 7, 1) == 1


def test_the_number_of_remembered_callers_is_bounded():
    limit = RateLimit(Clock())
    for number in range(12_000):
        limit.take(f"address {number}", 10)
    assert len(limit._buckets) == 10_000


def soon() -> float:
    return asyncio.get_running_loop().time() + 60


async def test_the_gate_lets_so_many_in_lets_so_many_wait_and_turns_the_rest_away():
    gate, leave, inside, most = Gate(2, 3), asyncio.Event(), 0, 0
    problems: list[tuple[int, str]] = []

    async def visit() -> None:
        nonlocal inside, most
        try:
            async with gate.entered(soon()):
                inside += 1
                most = max(most, inside)
                await leave.wait()
                inside -= 1
        except ProblemError as problem:
            problems.append((problem.status_code, problem.headers["Retry-After"]))

    visits = [asyncio.create_task(visit()) for _ in range(9)]
    while inside < 2 or len(problems) < 4:
        await asyncio.sleep(0)
    leave.set()
    await asyncio.gather(*visits)
    assert (most, inside) == (2, 0)
    assert problems == [(429, "2")] * 4


async def test_whose_turn_does_not_come_is_told_so_and_the_line_is_free_again():
    gate = Gate(1, 1)
    async with gate.entered(soon()):
        with pytest.raises(TimeoutError):
            async with gate.entered(asyncio.get_running_loop().time()):
                pytest.fail("two got in")
        waiting = asyncio.create_task(gate.entered(soon()).__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def test_a_gate_that_somebody_leaves_by_an_error_lets_the_next_one_in():
    gate = Gate(1, 0)
    for _ in range(3):
        with pytest.raises(KeyError):
            async with gate.entered(soon()):
                raise KeyError


async def test_draining_waits_for_what_is_under_way_and_takes_nothing_more_on():
    drain, leave = Drain(), asyncio.Event()

    async def answer() -> None:
        with drain.running():
            await leave.wait()

    running = asyncio.create_task(answer())
    await asyncio.sleep(0)
    finishing = asyncio.create_task(drain.finish(60))
    await asyncio.sleep(0)
    with pytest.raises(ProblemError) as caught, drain.running():
        pytest.fail("it was taken on")
    assert caught.value.status_code == 503
    assert not finishing.done()
    leave.set()
    await running
    assert await finishing


async def test_draining_gives_up_after_its_patience():
    drain = Drain()
    with drain.running():
        assert not await drain.finish(0.01)
