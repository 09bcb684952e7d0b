"""Articles into the archive and its vector index, a batch at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.archive import Analysed, Archive
from index.chunking import chunk_article
from index.copies import bands
from index.errors import EmbeddingError
from index.replica_writer import ReplicaWriter
from index.terms import analyse
from index.types import Article, Chunk, Failure, IngestReport

if TYPE_CHECKING:
    from index.embedding import Encoder

__all__ = ["analyse_articles", "indexed_terms", "ingest", "searched_text"]

_ARTICLES, _CHARACTERS = 512, 1_500_000  # a batch ends with whichever comes first
_TEXTS = 1_000  # embedded at a time
_OPENING = 4  # words of a passage that count more; 3 to 6 differ little
_AGAIN = 2  # times more that they count
# What embedding models raise for a text they cannot take; ours raise EmbeddingError.
_EMBEDDING_ERRORS = (EmbeddingError, ValueError, RuntimeError, OSError)


def ingest(
    items: Iterable[Article | Failure], archive: Archive, replica: ReplicaWriter, encoder: Encoder
) -> IngestReport:
    """Stores the articles of ``items``; the writer's lock must be held. See ``ArticleIndex.add``."""
    report = _Report()
    for batch in _batches(items, report.failed):
        plan = _plan(batch, archive)
        analysed = analyse_articles(list(plan.new.values()), encoder, report.failed)
        for article_id in plan.new.keys() - analysed.keys():
            plan.abandon(article_id)
        if analysed or plan.described or plan.attached:
            report.removed += _commit(plan, analysed, archive, replica)
        for article_id, outcome in plan.outcomes:
            getattr(report, outcome).append(article_id)
    return IngestReport(
        added=tuple(report.added),
        updated=tuple(report.updated),
        unchanged=tuple(report.unchanged),
        removed=tuple(report.removed),
        failed=tuple(report.failed),
    )


@dataclass(slots=True)
class _Report:
    """An ``IngestReport`` in the making."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """What a batch changes. ``left`` are articles of which a source now yields another one: {old id: new id}."""

    new: dict[str, Article] = field(default_factory=dict)
    described: dict[str, Article] = field(default_factory=dict)
    attached: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    outcomes: list[tuple[str, str]] = field(default_factory=list)

    def abandon(self, article_id: str) -> None:
        """Without the new article ``article_id``, which could not be analysed; what it was to replace stays."""
        self.attached = {source: target for source, target in self.attached.items() if target != article_id}
        self.left = {old: new for old, new in self.left.items() if new != article_id}
        self.outcomes = [outcome for outcome in self.outcomes if outcome[0] != article_id]


def _batches(items: Iterable[Article | Failure], failed: list[Failure]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for item in items:
        failure = item if isinstance(item, Failure) else _unstorable(item)
        if failure:
            failed.append(failure)
        elif isinstance(item, Article):
            batch.append(item)
            size += len(item.text)
        if len(batch) >= _ARTICLES or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _unstorable(article: Article) -> Failure | None:
    """Lone surrogates, which no UTF-8 can hold, come from file names and broken escapes."""
    try:
        "".join(str(value) for value in article.to_dict().values()).encode()
    except UnicodeEncodeError as error:
        source = article.source.encode("utf-8", "backslashreplace").decode()
        return Failure(source, f"It holds a character that is not valid Unicode ({error.object[error.start]!a}).")
    return None


def _plan(batch: Sequence[Article], archive: Archive) -> _Plan:
    plan = _Plan()
    stored = archive.known(list({article.id for article in batch}))
    owners = archive.sources(list({article.source for article in batch if article.source}))
    for article in batch:
        before = owners.get(article.source) if article.source else None
        known = stored.get(article.id)
        if known is None:
            plan.new[article.id] = stored[article.id] = article
            outcome = "updated" if before else "added"
        elif article.source in ("", known.source) and _differs(article, known):
            described = replace(article, source=known.source)
            stored[article.id] = described
            (plan.new if article.id in plan.new else plan.described)[article.id] = described
            outcome = "updated"
        else:
            outcome = "unchanged"
        plan.outcomes.append((article.id, outcome))
        if article.source and before != article.id:
            plan.attached[article.source] = owners[article.source] = article.id
            if before:
                plan.left[before] = article.id
    return plan


def _differs(article: Article, known: Article) -> bool:
    """Whether anything but the source differs; times are compared as written, since the day depends on the zone."""
    return article.to_dict(text=False) | {"source": ""} != known.to_dict(text=False) | {"source": ""}


def analyse_articles(articles: Sequence[Article], encoder: Encoder, failed: list[Failure]) -> dict[str, Analysed]:
    """Chunks, terms and vectors by article id; an article that cannot be embedded is reported and left out."""
    chunks = [chunk_article(article) for article in articles]
    texts = [[searched_text(article, c) for c in own] for article, own in zip(articles, chunks, strict=True)]
    try:
        matrix = _vectors([text for own in texts for text in own], encoder)
    except _EMBEDDING_ERRORS as error:
        if len(articles) > 1:  # find out which one it is
            return {key: value for one in articles for key, value in analyse_articles([one], encoder, failed).items()}
        article = articles[0]
        failed.append(Failure(article.source or article.title, f"It cannot be embedded: {error}"))
        return {}
    return {
        article.id: Analysed(article, own, [indexed_terms(article, c) for c in own], vectors, bands(article.text))
        for article, own, vectors in zip(articles, chunks, _split(matrix, chunks), strict=True)
    }


def _split(matrix: npt.NDArray[np.float16], chunks: Sequence[Sequence[Chunk]]) -> Iterator[npt.NDArray[np.float16]]:
    """The rows of each article's chunks."""
    start = 0
    for own in chunks:
        yield matrix[start : start + len(own)]
        start += len(own)


def searched_text(article: Article, chunk: Chunk) -> str:
    """What a chunk is found by: its words, and the title that says what they are about."""
    return f"{article.title}\n{article.text[chunk.start : chunk.end]}"


def indexed_terms(article: Article, chunk: Chunk) -> str:
    """What BM25 finds a chunk by, terms with spaces between: those of ``searched_text``, and its first words again.

    A passage mostly opens with what it is about. Counting its first words more brings .02 of nDCG@10 on encyclopedic
    questions; those about news stay, once fused, within .002 (docs/analyser.md).
    """
    opening = " ".join(article.text[chunk.start : chunk.end].split(maxsplit=_OPENING)[:_OPENING])
    return " ".join(analyse(searched_text(article, chunk)) + analyse(opening) * _AGAIN)


def _vectors(texts: Sequence[str], encoder: Encoder) -> npt.NDArray[np.float16]:
    parts = [encoder.encode_documents(texts[i : i + _TEXTS]) for i in range(0, len(texts), _TEXTS)]
    matrix = np.concatenate(parts) if parts else np.zeros((0, encoder.dimension), np.float32)
    if matrix.shape != (len(texts), encoder.dimension):
        raise EmbeddingError(f"{encoder.name} gave vectors of shape {matrix.shape} for {len(texts)} texts.")
    if not np.isfinite(matrix).all():
        raise EmbeddingError(f"{encoder.name} gave a vector that is not finite.")
    return matrix.astype(np.float16)


def _commit(plan: _Plan, analysed: Mapping[str, Analysed], archive: Archive, replica: ReplicaWriter) -> list[str]:
    """One transaction, then the vectors. Returns ids of articles that went without a new one in their place."""
    gone: set[str] = set()
    taken_out: list[str] = []
    with archive.writing() as writer:
        for item in analysed.values():
            writer.insert(item)
        for article in plan.described.values():
            writer.describe(article)
        for source, article_id in plan.attached.items():
            writer.attach(source, article_id)
        for old in plan.left:
            if writer.is_orphan(old):
                taken_out += writer.remove(old)
                gone.add(old)
    stored = [item for article_id, item in analysed.items() if article_id not in gone]
    chunk_ids = [chunk.id for item in stored for chunk in item.chunks]
    replica.apply(taken_out, chunk_ids, chain.from_iterable(item.vectors for item in stored))
    return [old for old in gone if plan.left[old] not in plan.new]
