"""What a claim is checked against: the cited characters, what stands around them, and the whole of the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from assistant.dates.days import DayMention, days
from assistant.types import Citation, Support
from assistant.wording import Language
from index.lexicon import Lexicon
from index.sentences import sentence_spans
from index.terms import analyse
from index.types import Article

from .names import Name, defined, names, tokens
from .quantities import Quantity, quantities
from .support import ordinary_words

__all__ = ["Evidence", "Finding", "Source", "listed"]

_SENTENCES_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not bear out the claim, and a sentence that says so."""

    support: Support
    reason: str


@dataclass(frozen=True)
class Source:
    """One citation: its characters, and the sentences before it that say who "ia" in it is."""

    citation: Citation

    @property
    def article(self) -> Article:
        """The article cited."""
        return self.citation.article

    @property
    def text(self) -> str:
        """The cited characters."""
        return self.citation.quote

    @property
    def language(self) -> Language:
        """The language that the article's numbers are written in."""
        return "en" if (self.article.language or "").startswith("en") else "id"

    @cached_property
    def before(self) -> tuple[str, ...]:
        """The sentences before the cited ones, the nearest first."""
        spans = sentence_spans(self.article.text[: self.citation.start])[-_SENTENCES_BEFORE:]
        return tuple(self.article.text[start:end] for start, end in reversed(spans))

    @cached_property
    def topic(self) -> str:
        """Title and first paragraph: what the whole article is about, and so may go without saying later on."""
        return f"{self.article.title}\n{self.article.text.partition(chr(10))[0]}"

    @cached_property
    def days(self) -> list[DayMention]:
        """The dates in the cited characters; what "the day after" counts from may stand before them."""
        offset = self.citation.start
        return [
            replace(found, start=found.start - offset, end=found.end - offset)
            for found in days(self.article.text[: self.citation.end], self.article.day)
            if found.start >= offset
        ]

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers in the cited characters, dates apart."""
        dated = [(found.start, found.end) for found in days(self.text, self.article.day)]
        return quantities(self.text, language=self.language, skip=dated)

    @cached_property
    def names(self) -> list[Name]:
        """The names in the cited characters; a capital at the head of a sentence alone makes none."""
        found = names(self.text, ordinary=ordinary_words())
        return [name for name in found if not name.opening or name.tokens[0] in self.sure_tokens]

    @cached_property
    def sure_tokens(self) -> frozenset[str]:
        """What the article writes with a capital inside a sentence."""
        found = names(f"{self.article.title}\n{self.article.text}", ordinary=ordinary_words())
        return frozenset(token for name in found if not name.opening for token in name.tokens)


@dataclass(frozen=True)
class Evidence:
    """All that a claim cites. ``language`` is the claim's."""

    sources: tuple[Source, ...]
    language: Language
    days: list[DayMention] = field(init=False)

    @classmethod
    def of(cls, citations: Sequence[Citation], language: Language) -> Evidence:
        """From the citations of a claim."""
        return cls(tuple(Source(citation) for citation in citations), language)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", [found for source in self.sources for found in source.days])

    @property
    def text(self) -> str:
        """The cited characters, one citation a line."""
        return "\n".join(source.text for source in self.sources)

    @property
    def published(self) -> date | None:
        """The day of the newest article cited."""
        return max((source.article.day for source in self.sources if source.article.day), default=None)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers in the cited characters."""
        return [found for source in self.sources for found in source.quantities]

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The words of the cited characters, folded."""
        return tokens(self.text)

    @cached_property
    def explained(self) -> dict[str, frozenset[str]]:
        """Short forms that the articles explain in brackets."""
        found: dict[str, frozenset[str]] = {}
        for article in {source.article.id: source.article for source in self.sources}.values():
            found |= defined(f"{article.title}\n{article.text}")
        return found

    def nearest_sentence(self, claim: str) -> str:
        """The cited sentence that shares most with the claim, weighed by idf."""
        weights = Lexicon.shipped().weights(analyse(claim))

        def shared(sentence: str) -> float:
            return sum(weights.get(term, 0.0) for term in set(analyse(sentence)))

        sentences = [source.text[a:b] for source in self.sources for a, b in sentence_spans(source.text)]
        return max(sentences, key=shared, default="")

    def say(self, indonesian: str, english: str) -> str:
        """The sentence in the claim's language."""
        return english if self.language == "en" else indonesian


def listed(words: Sequence[str], most: int = 3) -> str:
    """Words in quotation marks, each once, at most so many."""
    return ", ".join(f"“{word}”" for word in list(dict.fromkeys(words))[:most])
