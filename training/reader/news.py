"""The questions about news (``training/questions``) over an index of all the articles, as the product reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from assistant.translation import searchable
from index.reranking import Reranker
from index.store import ArticleIndex
from index.types import Article, Passage
from training.questions import WrittenQuestion, article_text, read_questions

__all__ = ["NewsRow", "news_articles", "news_rows", "plain"]

_WIB = timezone(timedelta(hours=7))
_READ = 10  # passages, as the reader reads
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_LONG_ENOUGH = 6  # characters from which the same answer in another article is no accident


@dataclass(frozen=True)
class NewsRow:
    """A question, the words it is searched by, its article, and the passages that the product finds for it."""

    asked: WrittenQuestion
    searched: str
    article: Article
    passages: list[Passage]

    def holds(self, article: Article, start: int, end: int) -> bool:
        """Whether ``article.text[start:end]`` holds an answer: one that is marked, or its words in another article."""
        if article.id == self.article.id and any(start < b and a < end for a, b in self.asked.spans):
            return True
        text = plain(article.text[start:end])
        return any(len(answer) > _LONG_ENOUGH and answer in text for answer in self.answers)

    @property
    def answers(self) -> list[str]:
        return [plain(self.article.text[a:b]) for a, b in self.asked.spans]


def plain(text: str) -> str:
    """Words and figures with single spaces, one before and one after, so that ``in`` compares whole words."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def news_articles(data: Path) -> dict[str, Article]:
    """Every article by its IndoSum id. The set has no headlines; addresses end in them."""
    found = {}
    for line in (data / "news" / "indosum.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if text := article_text(row["paragraphs"]):
            found[row["id"]] = Article(
                title=_title(row["url"]) or text[:60],
                text=text,
                source=row["id"],
                publisher=row["source"],
                published=datetime.fromtimestamp(int(row["id"].split("-")[0]), _WIB),
            )
    return found


def _title(url: str) -> str:
    last = re.sub(r"\.\w+$", "", url.rstrip("/").rsplit("/", 1)[-1])
    return re.sub(r"\b\d{5,}\b", "", re.sub(r"[-_]+", " ", last)).strip()


def news_rows(data: Path, folder: Path) -> Iterator[NewsRow]:
    """Every held-out question with what retrieval finds among all the articles; their index is kept in ``folder``."""
    articles = news_articles(data)
    with ArticleIndex.open(folder, create=None) as index:
        index.add(articles.values())  # what it holds already is passed over
        retriever = Reranker(index)
        for asked in filter(lambda question: question.held_out, read_questions()):
            searched = searchable(asked.question)
            yield NewsRow(asked, searched, articles[asked.text], retriever.retrieve(searched, _READ))
