"""Files -> Articles: plain text, Markdown, HTML, JSON, JSONL, CSV, PDF and DOCX, one file or a folder of them."""

from __future__ import annotations

from index.reading._files import count_articles, read_articles, read_document

__all__ = ["count_articles", "read_articles", "read_document"]
