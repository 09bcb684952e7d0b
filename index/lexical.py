"""BM25 over an archive's inverted index, in a time that is bounded unless all that is asked for is common.

To score a chunk costs FTS5 ten times as much as to see that a term is in it. So what is scored is bounded: chunks that
hold one of the rarest terms or two of the others. The best ones nearly always do (MaxScore in Turtle and Flood, "Query
Evaluation: Strategies and Optimizations", 1995, goes by bounds of the scores; FTS5 keeps none).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, combinations

from index.database import Database
from index.schema import CHUNKS, condition_of
from index.types import Filter

__all__ = ["Lexical"]

# On the valid splits leaving out terms of more than a quarter of all chunks costs nothing and halves the time; more
# than a tenth costs a point of nDCG. More than so many postings are not looked at, nor so many scored: what that
# gains and loses at a million chunks is in docs/scale.md.
_COMMON = 0.25
_POSTINGS = 100_000
_SCORED = 10_000
_PAIRED = 8  # of the commoner terms, each with each
_FETCHED = 6.0  # what a chunk found without the filter and looked up costs, in chunks listed because they pass
_ALL = ("",)  # a condition that nothing fails


class Lexical(Database):
    """The part of ``index.contents.Contents`` that counts, and ranks by words. Chunks are known by row numbers."""

    def article_count(self) -> int:
        """Number of articles."""
        return int(self.select("SELECT count(*) FROM articles")[0][0])

    def chunk_count(self, only: Filter | None = None) -> int:
        """Number of chunks, of those that pass the filter if one is given."""
        condition, values = condition_of(only)
        source = f"{CHUNKS} WHERE {condition}" if condition else "chunks"
        return int(self.select(f"SELECT count(*) FROM {source}", *values)[0][0])

    def bm25(
        self, terms: Iterable[str], n: int, only: Filter | None = None, share: float | None = None
    ) -> dict[int, float]:
        """The ``n`` best chunks by BM25 (k1 = 1.2, b = 0.75, as FTS5 has it), best first: {row: score}.

        A chunk matches when it holds any of the terms. Common terms are left out where rarer ones remain: they cost
        most of the time and decide nothing. Where many chunks match and no filter makes them few, those that hold but
        one of the commoner terms are left out. ``share``: that of the filter, where the caller has it.
        """
        chunks = self.chunk_count()
        postings = self._rarer(list(dict.fromkeys(terms)), min(int(_COMMON * chunks), _POSTINGS))
        if not postings:
            return {}
        match = _any(postings)
        likely = _likely(postings)
        if not only:
            return self._best(match, n, *likely)
        share = self.share(only) if share is None else share
        fetch = int(4 * n / share) if share else 0  # what passes may seldom speak of what is asked
        if fetch and _FETCHED * fetch < share * chunks:
            fetched = self._best(match, fetch, *likely)
            passing = self.passing(list(fetched), only)
            found = [(row, score) for row, score in fetched.items() if row in passing]
            # Scores do not depend on the filter, so order does not either.
            if len(found) >= n or (len(fetched) < fetch and likely == _ALL):
                return dict(found[:n])
        condition, values = condition_of(only)
        # "+" keeps SQLite from running the search anew for every row that passes.
        condition = f" AND +rowid IN (SELECT chunks.rowid FROM {CHUNKS} WHERE {condition})"
        return self._best(match, n, condition, *values)

    def share(self, only: Filter) -> float:
        """About which share of the articles passes the filter, 0 to 1.

        Its fields are counted one by one, as if they were independent: each has an index, which knows nothing of the
        others.
        """
        fields = (
            Filter(since=only.since, until=only.until),
            Filter(publishers=only.publishers),
            Filter(topics=only.topics),
            Filter(articles=only.articles),
        )
        articles = max(1, self.article_count())
        share = 1.0
        for condition, values in (condition_of(field) for field in fields if field):
            (found,) = self.select(f"SELECT count(*) FROM articles WHERE {condition}", *values)
            share *= found[0] / articles
        return share

    def passing(self, rows: Sequence[int], only: Filter | None) -> set[int]:
        """Those of ``rows`` whose article passes the filter."""
        condition, values = condition_of(only, checked=True)
        query = f"SELECT chunks.rowid FROM {CHUNKS} WHERE {condition or 'TRUE'} AND chunks.rowid"
        return {row[0] for row in self.select_among(query, rows, *values)}

    def _best(self, match: str, n: int, condition: str = "", *values: object) -> dict[int, float]:
        query = f"SELECT rowid, -rank FROM terms WHERE terms MATCH ?{condition} ORDER BY rank, rowid LIMIT ?"
        return dict(self.select(query, match, *values, n))

    def _rarer(self, terms: list[str], most: int) -> dict[str, int]:
        """The terms to search for and how many chunks hold them, rarest first.

        Those that occur, less the common ones (in more than ``most`` chunks) while a rarer one remains.
        """
        counts = {term: count for term, count in self._counts(terms, most + 1).items() if 0 < count <= most}
        if not counts:  # all are common
            whole = self.select_among("SELECT term, doc FROM term_counts WHERE term", terms)
            return dict(sorted(whole, key=lambda item: (item[1], item[0]))[:1])
        counts = dict(sorted(counts.items(), key=lambda item: (item[1], item[0])))
        return {
            term: count
            for (term, count), total in zip(counts.items(), accumulate(counts.values()), strict=True)
            if total <= _POSTINGS
        }

    def _counts(self, terms: list[str], most: int) -> dict[str, int]:
        """How many chunks hold each term, counted no further than ``most``."""
        holding = "SELECT 1 FROM terms WHERE terms MATCH '\"' || value || '\"' LIMIT ?"
        query = f"SELECT value, (SELECT count(*) FROM ({holding})) FROM json_each(?)"
        return dict(self.select(query, most, json.dumps(terms)))


def _likely(postings: Mapping[str, int]) -> tuple[str, ...]:
    """A condition on the rows to be scored, and its value; the empty condition where all may be.

    ``postings``: terms and how many chunks hold them, rarest first.
    """
    totals = dict(zip(postings, accumulate(postings.values()), strict=True))
    rare = [term for term, total in totals.items() if total <= _SCORED] or list(postings)[:1]
    commoner = list(postings)[len(rare) :]
    if not commoner:
        return _ALL
    pairs = (f'("{one}" AND "{other}")' for one, other in combinations(commoner[:_PAIRED], 2))
    # "+", as above: SQLite is to look each match up among these rows.
    return " AND +rowid IN (SELECT rowid FROM terms WHERE terms MATCH ?)", " OR ".join([_any(rare), *pairs])


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)
