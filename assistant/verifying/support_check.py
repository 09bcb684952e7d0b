"""Do the cited characters say this at all?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.types import Support
from index.lexicon import Lexicon
from index.terms import analyse

from .evidence import Evidence, Finding
from .support import SupportScore

__all__ = ["check"]

_LEAST_SHARED = 0.4  # of the claim's words by idf; below it the source speaks of something else
_CLEARLY_SHARED = 0.6  # from here on a doubt about entailment alone says nothing
_CONTRADICTED = 0.8  # probability; the model card says what these two cost and bring
_ENTAILED = 0.05


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """A claim most of whose words the source does not have, or that the trained score doubts.

    An English claim over Indonesian articles shares no words with them: it rests on its numbers, dates and names.
    """
    if evidence.language != "id":
        return
    shared = _shared(claim, evidence)
    if shared < _LEAST_SHARED:
        yield Finding(Support.UNSUPPORTED, "Sumber yang dirujuk tidak menyatakan ini.")
        return
    # With the sentence before it too, which says who "ia" is: the kinder reading counts.
    texts = [evidence.nearest_sentence(claim), *(f"{s.before[0]} {s.text}" for s in evidence.sources if s.before)]
    chances = [SupportScore.shipped()(text, claim) for text in texts]
    if min(chance.contradicted for chance in chances) >= _CONTRADICTED:
        yield Finding(Support.PARTLY, "Sumber yang dirujuk tampaknya menyatakan hal lain.")
    elif shared < _CLEARLY_SHARED and max(chance.entailed for chance in chances) < _ENTAILED:
        yield Finding(Support.PARTLY, "Sumber yang dirujuk tidak jelas menyatakan ini.")


def _shared(claim: str, evidence: Evidence) -> float:
    """The share of the claim's words, weighed by idf, that the cited characters and what stands around them have."""
    weights = Lexicon.shipped().weights(term for term in analyse(claim) if not term[0].isdecimal())
    texts = [text for source in evidence.sources for text in (source.text, *source.before, source.topic)]
    known = {term for text in texts for term in analyse(text)}
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in known) / total if total else 1.0
