"""Whether everything in an index agrees with everything else, and repairs from what is sound.

The articles' texts are the truth: chunks, terms, filters and vectors are made from them, the inverted index from the
terms, Chroma's index from the vectors. So each thing is checked against what it was made from and, where it differs,
made from that again. A text is checked against its article's id, which is a hash of it; nothing here can bring a
changed one back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.archive import Archive
from index.errors import EmbeddingError, IndexDamagedError
from index.ingest import analyse_articles, indexed_terms, searched_text
from index.replica import Replica
from index.schema import StoredArticle
from index.types import Article, CheckReport, Failure, Finding

if TYPE_CHECKING:
    from index.embedding import Encoder

__all__ = ["check_index"]

_SAMPLE = 64  # articles whose first chunk is embedded again, to know the model by what it does
_ALIKE = 0.99  # cosine between a stored vector (float16) and the same text embedded again
_LENGTH = 0.01  # how far the length of a stored vector may be from 1
_ANALYSED = 200  # articles made anew in one transaction
_RESTORE = "Bring back a copy with `tanya restore FILE --replace`, or keep what can be read with `tanya rebuild`."
_AGAIN = "Add these articles again from where they came, then take the changed ones out: tanya remove ID"

# What is wrong with one article, and what puts it right.
_PROBLEMS = {
    "text": ("The text of {} is not the one that was added.", _AGAIN),
    "chunks": ("The chunks of {} do not cover its text, or point outside it.", ""),
    "filters": ("Day or publisher, as filters see them, are wrong for {}.", ""),
    "terms": ("The search terms of {} are not those of its text.", ""),
    "vectors": ("Vectors of {} are missing or malformed.", ""),
}


def check_index(archive: Archive, replica: Replica, encoder: Encoder | EmbeddingError, *, repair: bool) -> CheckReport:
    """Looks at everything; the writer's lock must be held. See ``ArticleIndex.check``.

    ``encoder`` may be the error that loading it gave: then vectors are checked by their form alone.
    """
    found = _findings(archive, replica, encoder)
    remaining = found
    if repair and any(not finding.way_out for finding in found):
        _repair(found, archive, replica, encoder)
        remaining = _findings(archive, replica, encoder)
    broken = any(finding.part == "file" for finding in remaining)
    counts = (0, 0, 0) if broken else (archive.article_count(), archive.chunk_count(), archive.vector_count())
    return CheckReport(
        articles=counts[0], chunks=counts[1], vectors=counts[2], found=tuple(found), remaining=tuple(remaining)
    )


def _findings(archive: Archive, replica: Replica, encoder: Encoder | EmbeddingError) -> list[Finding]:
    try:
        found = _file_findings(archive)
        if found:  # what stands on it cannot be judged
            return found
        found = [*_article_findings(archive, encoder), *_terms_findings(archive)]
        if any(finding.part == "vectors" for finding in found):
            return found  # Chroma's are made from these
        return found + _chroma_findings(replica)
    except IndexDamagedError as error:
        return [Finding(part="file", problem=str(error), way_out=_RESTORE)]


def _file_findings(archive: Archive) -> list[Finding]:
    found = []
    problems = archive.file_problems()
    if problems:
        of_index = all("index" in problem for problem in problems)
        text = f"SQLite finds {archive.path.name} damaged: {'; '.join(problems[:3])}."
        found.append(Finding(part="file", problem=text, way_out="" if of_index else _RESTORE))
    if strays := archive.stray_count():
        found.append(Finding(part="file", problem=f"{strays:,} rows belong to articles or chunks that are gone."))
    return found


def _terms_findings(archive: Archive) -> list[Finding]:
    if archive.inverted_index_is_sound():
        return []
    return [Finding(part="terms", problem="The inverted index (BM25, FTS5) is not that of the stored terms.")]


def _chroma_findings(replica: Replica) -> list[Finding]:
    return [Finding(part="Chroma", problem=problem) for problem in replica.problems()]


def _article_findings(archive: Archive, encoder: Encoder | EmbeddingError) -> list[Finding]:
    dimension = archive.made_by().dimension
    wrong: dict[str, list[str]] = {}
    sample: list[tuple[Article, StoredArticle]] = []
    every = max(1, archive.article_count() // _SAMPLE)
    for number, stored in enumerate(archive.stored()):
        for part in _wrong_parts(stored, dimension, encoder):
            wrong.setdefault(part, []).append(stored.id)
        if number % every == 0 and stored.article and stored.chunks and stored.vectors[0]:
            sample.append((stored.article, stored))
    found = [
        Finding(
            part=part, problem=_PROBLEMS[part][0].format(_counted(ids)), articles=tuple(ids), way_out=_PROBLEMS[part][1]
        )
        for part, ids in wrong.items()
    ]
    return found + _model_findings([s for s in sample if s[1].id not in wrong.get("vectors", ())], encoder)


def _counted(ids: Sequence[str]) -> str:
    return f"article {ids[0]}" if len(ids) == 1 else f"{len(ids):,} articles"


def _wrong_parts(stored: StoredArticle, dimension: int, encoder: Encoder | EmbeddingError) -> Iterator[str]:
    article = stored.article
    if article is None or article.id != stored.id:
        yield "text"
        return  # the rest was made from what it was before
    if (stored.day, stored.publisher_key) != (
        article.day.isoformat() if article.day else None,
        (article.publisher or "").casefold(),
    ):
        yield "filters"
    if not _covers(article, stored):
        yield "chunks"
        return
    if list(stored.terms) != [indexed_terms(article, chunk) for chunk in stored.chunks]:
        yield "terms"
    if not all(_is_vector(vector, dimension) for vector in stored.vectors if vector is not None):
        yield "vectors"
        return
    bare = [
        searched_text(article, chunk)
        for vector, chunk in zip(stored.vectors, stored.chunks, strict=True)
        if vector is None
    ]
    # A chunk of which the model knows no word has no vector.
    if bare and not isinstance(encoder, EmbeddingError) and encoder.encode_documents(bare).any():
        yield "vectors"


def _covers(article: Article, stored: StoredArticle) -> bool:
    """Whether the chunks follow each other and leave out nothing but white space."""
    done = 0
    for number, chunk in enumerate(stored.chunks):
        inside = done <= chunk.start < chunk.end <= len(article.text)
        if chunk.position != number or not inside or article.text[done : chunk.start].strip():
            return False
        done = chunk.end
    return not article.text[done:].strip()


def _is_vector(stored: bytes, dimension: int) -> bool:
    if not isinstance(stored, bytes) or len(stored) != 2 * dimension:
        return False
    vector = np.frombuffer(stored, dtype=np.float16).astype(np.float32)
    return bool(abs(np.linalg.norm(vector) - 1) < _LENGTH)  # False for NaN too


def _model_findings(
    sample: Sequence[tuple[Article, StoredArticle]], encoder: Encoder | EmbeddingError
) -> list[Finding]:
    """Whether the model of that name is still the one that made the vectors."""
    if isinstance(encoder, EmbeddingError):
        return [Finding(part="version", problem=str(encoder), way_out="Make it available, or: tanya rebuild")]
    if not sample:
        return []
    now = encoder.encode_documents([searched_text(article, stored.chunks[0]) for article, stored in sample])
    then = np.array([np.frombuffer(stored.vectors[0] or b"", dtype=np.float16) for _, stored in sample], np.float32)
    differing = int((np.einsum("ij,ij->i", now, then) < _ALIKE).sum())
    if not differing:
        return []
    problem = f"The embedding model {encoder.name!r} gives other vectors now for {differing} of {len(sample)} texts."
    return [Finding(part="version", problem=problem, way_out="Embed all articles again: tanya rebuild")]


# ---- repairs


def _repair(found: Sequence[Finding], archive: Archive, replica: Replica, encoder: Encoder | EmbeddingError) -> None:
    parts = {finding.part for finding in found if not finding.way_out}
    if "file" in parts:
        with archive.writing() as writer:
            writer.renew_indexes()
            writer.remove_strays()
        found = _findings(archive, replica, encoder)  # what could not be judged before
        parts = {finding.part for finding in found if not finding.way_out}
    if "terms" in parts:  # first, since taking rows out of a broken inverted index fails
        with archive.writing() as writer:
            writer.renew_inverted_index()
    ids = {article_id: None for finding in found if not finding.way_out for article_id in finding.articles}
    if ids:
        if isinstance(encoder, EmbeddingError):
            raise encoder
        _analyse_again(list(ids), archive, encoder)
    if ids or parts & {"file", "Chroma"}:
        replica.renew()


def _analyse_again(ids: Sequence[str], archive: Archive, encoder: Encoder) -> None:
    failed: list[Failure] = []
    for start in range(0, len(ids), _ANALYSED):
        articles = list(archive.known(ids[start : start + _ANALYSED]).values())
        analysed = analyse_articles(articles, encoder, failed)
        with archive.writing() as writer:
            for item in analysed.values():
                writer.analyse_again(item)
    if failed:
        raise EmbeddingError(f"{failed[0].source} cannot be repaired: {failed[0].reason}")
