"""Files -> Articles: text, Markdown, HTML, JSON, JSONL, CSV, Parquet, PDF, DOCX, ZIP and WARC, or a folder of them."""

from __future__ import annotations

from index.reading._fields import Columns
from index.reading._files import count_articles, files_in, read_articles, read_document
from index.reading._html import at_address, in_utf8

__all__ = ["Columns", "at_address", "count_articles", "files_in", "in_utf8", "read_articles", "read_document"]
