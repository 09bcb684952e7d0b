"""A reply while it becomes an answer: statements as they finish, each checked, and the words still under way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from assistant.prompts import NOTHING, told_lines
from assistant.types import Answer, Support
from assistant.wording import Language, question_language
from index.terms import analyse

from .budget import Budget
from .calling import Piece
from .failures import Failure, ModelFailure
from .grounding import Grounded, ground, says_nothing_found
from .injection import echoes
from .numbering import written
from .repair import mended, to_mend
from .sources import Sources
from .statements import Statement, StatementParser

__all__ = ["Draft"]

_SHORT_TERM: Final = 3  # letters; shorter terms are particles and pronouns
_STEERED: Final = {
    "id": "Sebuah artikel mencoba mengarahkan jawaban, dan pernyataan ini memakai kata yang tidak ada di sumber.",
    "en": "An article tries to steer the answer, and this statement uses words that no source has.",
}


@dataclass
class Draft:
    """What a model has said so far to one question. Belongs to that question: not shared by threads.

    ``silenced`` says that a statement was left out because it repeats what an article tells the assistant to say, or
    the assistant's own instructions. ``is_cut``: the reply was too long and ends with its last whole sentence.
    """

    opening: Answer
    sources: Sources
    said: list[Grounded] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    raw: str = ""
    silenced: bool = False
    is_cut: bool = False

    @cached_property
    def language(self) -> Language:
        """That of the question, and so of the answer."""
        return question_language(self.opening.question)

    @cached_property
    def _forbidden(self) -> tuple[str, ...]:
        return (*self.sources.withheld, *told_lines(self.language))

    @property
    def nothing_found(self) -> bool:
        """Whether the model says that the sentences do not answer."""
        return says_nothing_found(self.statements)

    @property
    def holds(self) -> bool:
        """Whether the articles bear out anything of what is said."""
        return any(item.sentences and item.support is not Support.UNSUPPORTED for item in self.said)

    @property
    def to_mend(self) -> list[Grounded]:
        """The statements that are not borne out; none where the model says that it found nothing."""
        return [] if self.nothing_found else to_mend(self.said)

    @property
    def reply(self) -> str:
        """What is said, as a reply that reads back as the same statements."""
        if self.nothing_found:
            return NOTHING[self.language]
        return "".join(
            f"{item.lead}{item.text} {''.join(f'[{one.id}]' for one in item.sentences)}" for item in self.said
        )

    def grown(self, pieces: Iterable[Piece], budget: Budget) -> Iterator[Answer]:
        """Takes in the reply; yields the answer whenever there is more to show.

        Raises:
            ModelFailure: from the pieces, or there is no sentence in them.
        """
        parser = StatementParser(self.sources.by_id)
        shown = ""
        with budget.timed("write_answer"):
            for piece in pieces:
                self.is_cut = self.is_cut or piece.is_cut
                # Where the provider cites by itself, its citation becomes a marker like any other.
                text = piece.text + "".join(
                    f"[{one.id}]" for quote in piece.cited for one in self.sources.containing(quote)
                )
                self.raw += text
                finished = parser.feed(text)
                self._take(finished, budget)
                tail = "" if self._may_be_nothing(parser.tail) else parser.tail
                if finished or tail != shown:
                    shown = tail
                    budget.mark("first_words")
                    yield written(self.opening, self.said, self.language, tail=tail)
            if self.is_cut:
                self._drop_unfinished()
            else:
                self._take(parser.finish(), budget)
        if not self.statements:
            raise ModelFailure(Failure.CUT if self.is_cut else Failure.MALFORMED, "no sentence in the reply")

    def mend(self, reply: str) -> None:
        """Takes in the reply to the repair round."""
        items = map(self._judged, mended(self.said, reply, self.sources, self.language))
        self.said = [item for item in items if not self._is_silenced(item)]

    def without_unsupported(self) -> bool:
        """Leaves out what is not borne out; returns whether anything was left out, now or before."""
        kept = [item for item in self.said if item.support is not Support.UNSUPPORTED]
        removed, self.said = len(kept) < len(self.said), kept
        return removed or self.silenced

    def _take(self, statements: Iterable[Statement], budget: Budget) -> None:
        for statement in statements:
            self.statements.append(statement)
            with budget.timed("verify_claims"):
                item = self._judged(ground(statement, self.sources, self.language))
            if not self._is_silenced(item):
                self.said.append(item)

    def _judged(self, item: Grounded) -> Grounded:
        """Where an article tries to steer the model, doubt counts against what it says.

        What is partly supported, or brings a word that neither the question nor a sentence has, is then not supported.
        English statements over Indonesian sentences share no words with them: of those only the first holds.
        """
        if not self.sources.withheld or item.support is Support.UNSUPPORTED:
            return item
        brings = self.language == "id" and any(
            len(term) > _SHORT_TERM and term not in self._known_terms for term in analyse(item.text)
        )
        if item.support is Support.SUPPORTED and not brings:
            return item
        return replace(item, support=Support.UNSUPPORTED, reason=item.reason or _STEERED[self.language])

    @cached_property
    def _known_terms(self) -> frozenset[str]:
        texts = (self.opening.query, *(one.text for one in self.sources.sentences))
        return frozenset(term for text in texts for term in analyse(text))

    def _drop_unfinished(self) -> None:
        """Very long sentences are cut into pieces; of one that never ended, the pieces go too."""
        while self.said and not self.said[-1].text.rstrip("\"'”’)").endswith((".", "!", "?", "…")):
            self.said.pop()

    def _is_silenced(self, item: Grounded) -> bool:
        silenced = echoes(item.text, self._forbidden) and not any(
            item.text.casefold() in one.text.casefold() for one in self.sources.sentences
        )
        self.silenced = self.silenced or silenced
        return silenced

    def _may_be_nothing(self, tail: str) -> bool:
        """Whether what has come may be the beginning of the words for "nothing found"."""
        return not self.statements and NOTHING[self.language].startswith(tail.upper().rstrip(".")[: len(NOTHING["id"])])
