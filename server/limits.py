"""How much is taken on: requests a minute from one caller, answers at a time from all, and the way to stop."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from .problems import ProblemError

__all__ = ["Drain", "Gate", "RateLimit"]

_MOST_CALLERS = 10_000


class RateLimit:
    """A token bucket for each caller: a minute's requests may come at once, then they come at their rate.

    Args:
        clock: seconds, never backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, rate: int) -> None:
        """Counts one request of a caller who may send ``rate`` a minute.

        Raises:
            ProblemError: 429 with ``Retry-After``: these were all for now.
        """
        now = self._clock()
        tokens, then = self._buckets.pop(caller, (float(rate), now))
        tokens = min(float(rate), tokens + (now - then) * rate / 60)
        enough = tokens >= 1
        # Whoever has been away longest is forgotten first; by then that bucket is full again, in most cases.
        self._buckets[caller] = (tokens - enough, now)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)
        if not enough:
            wait = math.ceil((1 - tokens) * 60 / rate)
            detail = f"At most {rate} requests a minute are taken; try again in {wait} seconds."
            raise ProblemError(429, detail, {"Retry-After": str(wait)})


class Gate:
    """So many answers are worked on at a time, so many questions wait in line, and the others are turned away at once.

    Args:
        parallel: answers at a time.
        waiting: questions in line.
    """

    def __init__(self, parallel: int, waiting: int) -> None:
        self._room = asyncio.Semaphore(parallel)
        self._waiting = waiting
        self._line = 0

    @asynccontextmanager
    async def entered(self, deadline: float) -> AsyncIterator[None]:
        """Waits for its turn and holds it.

        Args:
            deadline: until when to wait, by the loop's clock.

        Raises:
            ProblemError: 429 with ``Retry-After``: the line is full.
            TimeoutError: its turn did not come.
        """
        if self._room.locked() and self._line >= self._waiting:
            raise ProblemError(
                429, "All answers that can be worked on are under way; try again in 2 seconds.", {"Retry-After": "2"}
            )
        self._line += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._room.acquire()
        finally:
            self._line -= 1
        try:
            yield
        finally:
            self._room.release()


class Drain:
    """Knows what is under way, so that a server told to stop can finish it and begin nothing new."""

    def __init__(self) -> None:
        self.stopping = False
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Around a request that has to be finished.

        Raises:
            ProblemError: 503: the server is stopping.
        """
        if self.stopping:
            raise ProblemError(
                503, "This server is stopping; ask again soon.", {"Retry-After": "5", "Connection": "close"}
            )
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def finish(self, patience: float) -> bool:
        """Takes nothing more on and waits for what is under way, at most ``patience`` seconds: whether all is done."""
        self.stopping = True
        try:
            await asyncio.wait_for(self._idle.wait(), patience)
        except TimeoutError:
            return False
        return True
