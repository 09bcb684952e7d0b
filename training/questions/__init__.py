"""Questions about news, written for this project as its readers ask them, with where the articles answer them.

``news.jsonl`` holds one question a line: the id of an IndoSum article (``news/indosum.jsonl`` of the training folder),
the question, its kind, and ``spans``, the offsets in ``article_text`` at which an answer stands; none where the article
does not answer. The text itself stays where it is. A quarter of the articles, by a hash of their id, is kept for
validation.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NewsQuestion", "article_text", "read_questions"]

_FILE = Path(__file__).parent / "news.jsonl"


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question about one article; ``spans`` are offsets (start, end) into its text, none if it does not say."""

    article: str
    question: str
    kind: str
    spans: tuple[tuple[int, int], ...]

    @property
    def held_out(self) -> bool:
        """Whether it is for validation: the network learns nothing from it. The scorer does, and is cross-validated."""
        return zlib.crc32(self.article.encode()) % 4 == 0


def article_text(paragraphs: Sequence[str]) -> str:
    """The text that the offsets point into: paragraphs a line each, runs of white space one space."""
    return "\n".join(line for paragraph in paragraphs if (line := " ".join(paragraph.split())))


def read_questions() -> Iterator[NewsQuestion]:
    """All of them, in the order of the file."""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        yield _question(json.loads(line))


def _question(row: Mapping[str, object]) -> NewsQuestion:
    spans = row["spans"]
    assert isinstance(spans, list)
    return NewsQuestion(
        str(row["article"]), str(row["question"]), str(row["kind"]), tuple((start, end) for start, end in spans)
    )
