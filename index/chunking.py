"""Articles cut into chunks of whole sentences: what is embedded, searched and retrieved."""

from __future__ import annotations

from .sentences import sentence_spans
from .types import Article, Chunk

__all__ = ["TARGET", "chunk_article"]

TARGET = 600
"""Characters a chunk aims at: four or five sentences of news, about a hundred words."""

_SHORTEST, _LONGEST = 0.5, 1.5  # of the target; a single longer sentence is a chunk of its own
_INSIDE_PARAGRAPH = 0.3  # what cutting a paragraph costs, in deviations from the target
_SHORT_REST = 0.3  # what leaving less than the shortest chunk at the end costs


def chunk_article(article: Article, *, target: int = TARGET, overlap_sentences: int = 0) -> list[Chunk]:
    """Pack the sentences of an article into chunks of about ``target`` characters.

    Every sentence is in at least one chunk, and ``article.text[chunk.start:chunk.end]`` begins and ends at sentence
    bounds. A chunk is no longer than 1.5 times the target, unless one sentence is. Cuts between paragraphs are
    preferred. ``overlap_sentences`` repeats that many sentences at the head of the next chunk, as far as they fit; by
    default none, because a passage is shown with its article around it and repeats crowd the ranking.

    Raises:
        ValueError: ``target`` is less than 1 or ``overlap_sentences`` negative.
    """
    if target < 1:
        raise ValueError(f"target is {target}; it must be at least 1 character")
    if overlap_sentences < 0:
        raise ValueError(f"overlap_sentences is {overlap_sentences}; it cannot be negative")
    spans = sentence_spans(article.text)
    chunks: list[Chunk] = []
    first = done = 0  # the chunk's first sentence, and the first one that no chunk holds yet
    while done < len(spans):
        while first < done and spans[done][1] - spans[first][0] > _LONGEST * target:
            first += 1  # the repeated sentences leave no room for a new one
        last = _last_sentence(article.text, spans, first, done, target)
        chunks.append(Chunk(article.id, len(chunks), spans[first][0], spans[last][1]))
        done = last + 1
        first = max(first + 1, done - overlap_sentences)
    return chunks


def _last_sentence(text: str, spans: list[tuple[int, int]], first: int, done: int, target: int) -> int:
    """The best last sentence for a chunk that begins with ``first`` and must hold ``done``."""
    best, lowest = done, float("inf")
    for last in range(done, len(spans)):
        length = spans[last][1] - spans[first][0]
        if last > done and length > _LONGEST * target:
            break
        cost = abs(length - target) / target
        if last + 1 < len(spans):
            between = text[spans[last][1] : spans[last + 1][0]]
            rest = spans[-1][1] - spans[last + 1][0]
            cost += _INSIDE_PARAGRAPH * ("\n" not in between) + _SHORT_REST * (rest < _SHORTEST * target)
        if cost < lowest:
            best, lowest = last, cost
    return best
