"""The articles that the questions about news (``training/questions``) ask."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from index.types import Article
from training.questions import article_text

__all__ = ["news_articles"]

_WIB = timezone(timedelta(hours=7))


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
