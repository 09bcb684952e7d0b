"""Do the cited characters say this at all?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dates.days import days
from assistant.types import Support
from index.lexicon import Lexicon, words
from index.terms import analyse

from .evidence import Evidence, Finding, listed
from .names import names
from .quantities import quantities
from .support import SupportScore, ordinary_words

__all__ = ["check"]

_LEAST_SHARED = 0.4  # of the claim's words by idf; below it the source speaks of something else
_CLEARLY_SHARED = 0.6  # from here on a doubt about entailment alone says nothing
_CONTRADICTED = 0.8  # probability; the model card says what these two cost and bring
_ENTAILED = 0.05
# A claim says something new if this share of its words, by idf, is not in the source, and the score does not see it
# entailed; of a claim of one or two words beside its names, if they are rare, whatever the score sees: names that agree
# mislead it. On IndoNLI's validation pairs this doubts .54 of what is left open (.32 without) and .11 of what follows
# (.065).
_NEW = 0.4
_FOLLOWS = 0.3
_FEW = 2
_RARE = 0.38  # of the greatest idf
_TELLING = 0.15  # of the greatest idf; words below it tell nothing


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """A claim most of whose words the source does not have, that the trained score doubts, or that adds a word.

    An English claim over Indonesian articles shares no words with them: it rests on its numbers, dates and names.
    """
    if evidence.language != "id":
        return
    known = _known(evidence)
    shared = _shared(claim, known)
    if shared < _LEAST_SHARED:
        yield Finding(Support.UNSUPPORTED, "Sumber yang dirujuk tidak menyatakan ini.")
        return
    # With the sentence before it too, which says who "ia" is: the kinder reading counts.
    texts = [evidence.nearest_sentence(claim), *(f"{s.before[0]} {s.text}" for s in evidence.sources if s.before)]
    chances = [SupportScore.shipped()(text, claim) for text in texts]
    entailed = max(chance.entailed for chance in chances)
    if min(chance.contradicted for chance in chances) >= _CONTRADICTED:
        yield Finding(Support.PARTLY, "Sumber yang dirujuk tampaknya menyatakan hal lain.")
    elif shared < _CLEARLY_SHARED and entailed < _ENTAILED:
        yield Finding(Support.PARTLY, "Sumber yang dirujuk tidak jelas menyatakan ini.")
    elif new := _new(claim, known, entailed):
        yield Finding(Support.PARTLY, f"Sumber yang dirujuk tidak memuat {listed(new)}.")


def _known(evidence: Evidence) -> set[str]:
    """The terms of the cited characters and of what stands around them."""
    texts = [text for source in evidence.sources for text in (source.text, *source.before, source.topic)]
    return {term for text in texts for term in analyse(text)}


def _shared(claim: str, known: set[str]) -> float:
    """The share of the claim's words, weighed by idf, that are known."""
    weights = Lexicon.shipped().weights(term for term in analyse(claim) if not term[0].isdecimal())
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in known) / total if total else 1.0


def _new(claim: str, known: set[str], entailed: float) -> list[str]:
    """The words that a claim adds, where they are much of what it says of its names; none where it rests on a number
    or a day, which have a check of their own."""
    if days(claim) or quantities(claim):
        return []
    lexicon = Lexicon.shipped()
    named = [(name.start, name.end) for name in names(claim, ordinary=ordinary_words())]
    said = {
        word.term: word.text
        for word in words(claim)
        if word.term
        and lexicon.idf(word.term) >= _TELLING * lexicon.maximum
        and not any(start <= word.start < end for start, end in named)
    }
    weights = lexicon.weights(said)
    new = {term: weight for term, weight in weights.items() if term not in known}
    if not new or sum(new.values()) < _NEW * sum(weights.values()):
        return []
    plainly = len(said) <= _FEW and max(new.values()) >= _RARE * lexicon.maximum
    return [said[term] for term in new] if plainly or entailed < _FOLLOWS else []
