"""What one question may take of a chat model, and what it has taken so far."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.types import Usage

from .failures import Failure, ModelFailure

__all__ = ["CHARACTERS_PER_TOKEN", "LONGEST_REPLY", "Budget", "estimated_tokens"]

CHARACTERS_PER_TOKEN: Final = 2.5
"""Fewer than English's 4: tokenizers cut Indonesian finer, and it is better to stay below a limit than to pass it."""

LONGEST_REPLY: Final = 1_000
"""Tokens; an answer of some sentences has a fifth of that, and a model that goes in circles must end."""


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, rather too many than too few."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


@dataclass(slots=True)
class Budget:
    """Seconds and tokens for one question, all its calls together. Belongs to one question: not shared by threads."""

    model: str
    seconds: float
    tokens: int
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    cached: bool = False
    steps: dict[str, float] = field(default_factory=dict)
    _begun: float = field(default_factory=time.monotonic)

    @property
    def seconds_left(self) -> float:
        """Until the question's time is up; 0 when it is."""
        return max(0.0, self._begun + self.seconds - time.monotonic())

    @property
    def tokens_left(self) -> int:
        """What may still be read and written."""
        return max(0, self.tokens - self.input_tokens - self.output_tokens)

    @property
    def prompt_characters(self) -> int:
        """How long a prompt may be now, so that its reply and a repair of the same length still fit."""
        return int((self.tokens_left / 2 - LONGEST_REPLY / 2) * CHARACTERS_PER_TOKEN)

    def check(self, prompt: str) -> None:
        """Counts a call that is about to be made.

        Raises:
            ModelFailure: time is up, or the prompt and a reply would take more tokens than are left.
        """
        if self.seconds_left <= 0:
            raise ModelFailure(Failure.TIMEOUT, f"{self.seconds:g} seconds are over")
        if estimated_tokens(prompt) + LONGEST_REPLY // 4 > self.tokens_left:
            raise ModelFailure(Failure.BUDGET, f"{self.tokens_left} of {self.tokens} tokens are left")
        self.calls += 1

    def spend(self, prompt: str, reply: str, reported: dict[str, Any] | None) -> None:
        """Adds what a call took: as the model reports it, else estimated from the characters."""
        if reported:
            self.input_tokens += int(reported.get("input_tokens") or 0)
            self.output_tokens += int(reported.get("output_tokens") or 0)
        else:
            self.input_tokens += estimated_tokens(prompt)
            self.output_tokens += estimated_tokens(reply)
            self.estimated = True

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Adds the time that the block takes to the step of that name."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.steps[step] = self.steps.get(step, 0.0) + time.monotonic() - begun

    def mark(self, step: str) -> None:
        """Notes when, counted from the question, something happened for the first time."""
        self.steps.setdefault(step, time.monotonic() - self._begun)

    def usage(self) -> Usage:
        """What was taken so far, as the answer shows it."""
        return Usage(
            model=self.model,
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            estimated=self.estimated,
            cached=self.cached,
            seconds=dict(self.steps),
        )
