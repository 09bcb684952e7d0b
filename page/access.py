"""Who may use the page and how often: logins, and a limit on questions for each visitor."""

from __future__ import annotations

import asyncio
import hmac
import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from threading import Lock

__all__ = ["Logins", "Rate"]

_PAUSE = 1.0  # seconds after a wrong password
_MINUTE = 60.0
_MOST = 10_000  # visitors remembered before those who have gone are forgotten


class Logins:
    """Checks names and passwords; ``check`` is for Gradio's ``auth``, which awaits functions and methods only.

    A wrong one is answered after a pause, and attempts at the same name wait for each other: Gradio itself lets
    everybody guess as fast as they can.
    """

    def __init__(self, passwords: Mapping[str, str], *, pause: float = _PAUSE) -> None:
        self._passwords = dict(passwords)
        self._turns = {name: asyncio.Lock() for name in passwords}
        self._pause = pause

    async def check(self, name: str, password: str) -> bool:
        """Whether the password is that name's."""
        known = self._passwords.get(name)
        if known is None:
            await asyncio.sleep(self._pause)
            return False
        async with self._turns[name]:
            if hmac.compare_digest(password.encode(), known.encode()):
                return True
            await asyncio.sleep(self._pause)
            return False


class Rate:
    """At most so many questions a minute for each visitor. Threads may share it.

    Args:
        per_minute: how many; 0 for no limit.
        clock: seconds that only go forward.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._clock = clock
        self._asked: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def wait(self, visitor: str) -> int:
        """Whole seconds until the visitor may ask again; 0, and the question is counted, if that is now."""
        if not self._most:
            return 0
        now = self._clock()
        with self._lock:
            if len(self._asked) > _MOST:
                for name in [name for name, times in self._asked.items() if times[-1] <= now - _MINUTE]:
                    del self._asked[name]
            times = self._asked[visitor]
            while times and times[0] <= now - _MINUTE:
                times.popleft()
            if len(times) >= self._most:
                return math.ceil(times[0] + _MINUTE - now)
            times.append(now)
            return 0
