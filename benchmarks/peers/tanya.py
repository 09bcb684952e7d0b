"""Tanya Berita as it comes: an ``ArticleIndex``, and the passages that the assistant answers from.

These are fused and reranked; with ``fused`` for an embedding they are not reranked, as ``tanya search`` gives them.
"""

from index import Article, ArticleIndex
from index.reranking import SHIPPED_RERANKER, Reranker, load_relevance


def build(articles, folder, embedding):
    with ArticleIndex.open(folder, create=True) as index:
        index.add(Article(title=article["title"], text=article["text"], source=article["id"]) for article in articles)
        return index.coverage().chunks


def opened(folder, embedding):
    index = ArticleIndex.open(folder)
    retriever = index if embedding == "fused" else Reranker(index, load_relevance(SHIPPED_RERANKER))

    def retrieve(question, k):
        found = retriever.retrieve(question, k)
        # What several articles carry is found once, and named with all of them.
        return [article.source for passage in found for article in (passage.article, *passage.copies)]

    return retrieve
