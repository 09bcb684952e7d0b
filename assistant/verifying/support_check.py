"""Do the cited characters say this at all?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.types import Support
from index.lexicon import Lexicon
from index.terms import analyse

from .evidence import Evidence, Finding

__all__ = ["check"]


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """A claim most of whose words the cited characters do not have."""
    lexicon = Lexicon.shipped()
    weights = lexicon.weights(analyse(claim))
    known = {
        term
        for source in evidence.sources
        for text in (source.text, *source.before, source.topic)
        for term in analyse(text)
    }
    total = sum(weights.values())
    share = sum(weight for term, weight in weights.items() if term in known) / total if total else 1.0
    if evidence.language == "id" and share < 0.4:
        yield Finding(
            Support.UNSUPPORTED,
            evidence.say("Sumber yang dirujuk tidak menyatakan ini.", "The cited source does not say this."),
        )
