"""What a claim says the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.types import Support

from .evidence import Evidence, Finding, listed
from .polarity import denied, opposite

__all__ = ["check"]


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """A denial or an opposite that stands against the cited sentence most like the claim."""
    sentence = evidence.nearest_sentence(claim)
    if found := opposite(claim, sentence) or denied(claim, sentence):
        said, shown = (listed([word]) for word in found)
        yield Finding(
            Support.UNSUPPORTED,
            evidence.say(
                f"Sumber yang dirujuk menyatakan {shown}, bukan {said}.",
                f"The cited source says {shown}, not {said}.",
            ),
        )
