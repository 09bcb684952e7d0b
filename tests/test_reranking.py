"""Reranking: with the model that ships, with any of sentence-transformers' by name, and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.settings import Settings
from index.errors import RerankerError
from index.reranking import DEPTH, RELEVANCE_WEIGHT, Reranker, load_relevance
from index.types import Article, Chunk, Filter, Passage

FLOOD = "Banjir merendam 340 rumah di Desa Sumber Rejeki sejak Selasa pagi. Warga mengungsi ke balai desa."
CONCERT = "Konser musik bambu di Taman Merbabu dihadiri dua ribu penonton. Tiketnya Rp50.000."


class Fixed:
    """A retriever that always returns the same passages, in the order given."""

    def __init__(self, *texts: str) -> None:
        self.asked: list[tuple[str, int, Filter | None]] = []
        articles = [Article(title=f"Berita {i}", text=text) for i, text in enumerate(texts)]
        self.passages = [
            Passage(article=a, chunk=Chunk(a.id, 0, 0, len(a.text)), score=0.5, scores={"bm25": 1.0}) for a in articles
        ]

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        self.asked.append((query, k, filter))
        return self.passages[:k]


def test_the_reranker_puts_the_answering_passage_first() -> None:
    inner = Fixed(CONCERT, FLOOD)
    wanted = Filter(publishers=frozenset({"Warta"}))
    first, second = Reranker(inner).retrieve("Berapa rumah yang terendam banjir?", 2, wanted)
    assert first.text == FLOOD
    assert first.score > second.score
    assert first.scores["fused"] == 0.5
    assert first.scores["bm25"] == 1.0
    assert inner.asked == [("Berapa rumah yang terendam banjir?", DEPTH, wanted)]


def test_the_reranker_returns_no_more_than_asked_for() -> None:
    assert len(Reranker(Fixed(CONCERT, FLOOD)).retrieve("Kapan banjir?", 1)) == 1
    assert Reranker(Fixed()).retrieve("Kapan banjir?") == []


def cross_encoder(folder: Path, labels: int = 1) -> Path:
    """An untrained CrossEncoder of sentence-transformers: one layer, a dozen words."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "banjir", "rumah", "konser", "penonton", "warga", "berapa", "desa"]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(known)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    config = BertConfig(
        vocab_size=len(known), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=labels, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=64,
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.mark.slow
def test_a_cross_encoder_of_sentence_transformers_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    folder = cross_encoder(tmp_path / "reranker")
    question = "Berapa rumah kena banjir?"
    logits = CrossEncoder(str(folder)).model
    found = Reranker(Fixed(CONCERT, FLOOD), load_relevance(str(folder))).retrieve(question, 2)
    assert {passage.text for passage in found} == {CONCERT, FLOOD}
    assert found[0].scores["relevance"] > found[1].scores["relevance"]
    for passage in found:
        inputs = CrossEncoder(str(folder)).tokenizer(question, passage.text, return_tensors="pt", truncation=True)
        logit = float(logits(**inputs).logits.detach())
        assert passage.scores["relevance"] == pytest.approx(logit, abs=1e-4)
        assert passage.score == pytest.approx(0.5 + RELEVANCE_WEIGHT * logit, abs=1e-4)
    assert Reranker(Fixed(), load_relevance(str(folder))).retrieve(question) == []


@pytest.mark.slow
def test_a_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    folder = cross_encoder(tmp_path / "classifier", labels=3)
    with pytest.raises(RerankerError, match="3 scores"):
        load_relevance(str(folder))


@pytest.mark.slow
def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match="TANYA_RERANKER"):
        load_relevance(str(tmp_path))


def test_the_setting_names_the_reranker_and_turns_it_off(tmp_path: Path) -> None:
    def scores(reranker: str | None) -> set[str]:
        settings = Settings(index=tmp_path / "index", reranker=reranker)
        with Assistant.from_settings(settings, create=None) as assistant:
            assistant.index.add([Article(title="Banjir", text=FLOOD)])
            passage = assistant.ask("Berapa rumah yang terendam banjir?").passages[0]
        return set(passage.scores)

    assert "relevance" in scores(None)
    assert "relevance" not in scores("off")
