"""Questions written for this project as its readers ask them, with where a text answers them.

``news.jsonl`` and ``encyclopedia.jsonl`` hold one question a line: the id of a text, the question, its kind, and
``spans``, the offsets in the text at which an answer stands; none where it does not answer. The texts themselves stay
where they are: articles of ``news/indosum.jsonl`` of the training folder (``article_text`` of their paragraphs), and
the context of the first row with the id in ``qa/tydiqa_id.train.jsonl`` or ``qa/idk_mrc.train.jsonl`` ("idk_mrc/ID").
Of the news, articles chosen by a hash of their id are kept for validation.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["WrittenQuestion", "article_text", "encyclopedic_texts", "read_questions"]

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question about the text of an id; ``spans`` are offsets (start, end) into it, none if it does not say."""

    text: str
    question: str
    kind: str
    spans: tuple[tuple[int, int], ...]

    @property
    def held_out(self) -> bool:
        """Of one about news, whether it is for validation: the network learns nothing from it, the scorer is fitted to
        it and cross-validated."""
        return zlib.crc32(self.text.encode()) % 8 == 0


def article_text(paragraphs: Sequence[str]) -> str:
    """The text that the offsets point into: paragraphs a line each, runs of white space one space."""
    return "\n".join(line for paragraph in paragraphs if (line := " ".join(paragraph.split())))


def encyclopedic_texts(data: Path) -> dict[str, str]:
    """The texts that ``encyclopedia.jsonl`` asks about, by their ids, from the training folder."""
    found: dict[str, str] = {}
    for name in ("tydiqa_id", "idk_mrc"):
        for line in (data / "qa" / f"{name}.train.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.setdefault(f"{name}/{row['id']}", row["context"])
    return found


def read_questions(about: Literal["news", "encyclopedia"] = "news") -> Iterator[WrittenQuestion]:
    """All of them, in the order of the file."""
    for line in (_FOLDER / f"{about}.jsonl").read_text(encoding="utf-8").splitlines():
        yield _question(json.loads(line))


def _question(row: Mapping[str, object]) -> WrittenQuestion:
    spans = row["spans"]
    assert isinstance(spans, list)
    return WrittenQuestion(
        str(row["text"]), str(row["question"]), str(row["kind"]), tuple((start, end) for start, end in spans)
    )
