# /// script
# requires-python = ">=3.11"
# dependencies = ["bm25s==0.3.16", "PyStemmer==3.1.0"]
# ///
"""bm25s alone: as it comes, or, with ``stemmed`` for an embedding, with Snowball's Indonesian stemmer."""

import bm25s
import Stemmer


def build(articles, folder, embedding):
    tokens = bm25s.tokenize([article["text"] for article in articles], stemmer=_stemmer(embedding), show_progress=False)
    index = bm25s.BM25(corpus=[{"id": article["id"], "text": article["text"]} for article in articles])
    index.index(tokens, show_progress=False)
    index.save(str(folder))
    return len(articles)


def opened(folder, embedding):
    index, stemmer = bm25s.BM25.load(str(folder), load_corpus=True), _stemmer(embedding)

    def retrieve(question, k):
        tokens = bm25s.tokenize([question], stemmer=stemmer, show_progress=False, return_ids=False)
        found, scores = index.retrieve(tokens, k=k, show_progress=False)
        return [row["id"] for row, score in zip(found[0], scores[0], strict=True) if score > 0]

    return retrieve


def _stemmer(embedding):
    return Stemmer.Stemmer("indonesian") if embedding == "stemmed" else None
