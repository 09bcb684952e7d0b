"""The trained support score: the shipped weights, and that numpy computes what was trained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verifying.pairing import FEATURES, pair
from assistant.verifying.support import SHIPPED, SupportScore, english_words, ordinary_words

SENTENCE = "Wali Kota Andra Wiranata membuka kembali pasar yang terbakar tahun lalu di Samarinda."


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Pasar yang terbakar itu dibuka kembali oleh Wali Kota.", "entailed"),
        ("Pasar di Samarinda pernah terbakar.", "entailed"),
        ("Pasar itu tidak pernah terbakar.", "contradicted"),
        ("Harga ikan di pelabuhan naik menjelang libur sekolah.", "open"),
    ],
)
def test_plain_cases(claim: str, verdict: str) -> None:
    chances = SupportScore.shipped()(SENTENCE, claim)
    assert sum(chances) == pytest.approx(1, abs=1e-5)
    assert max(chances._asdict(), key=lambda name: getattr(chances, name)) == verdict


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_give_probabilities(evidence: str, claim: str) -> None:
    assert pair(evidence, claim).features.shape == (len(FEATURES),)
    assert sum(SupportScore.shipped()(evidence, claim)) == pytest.approx(1, abs=1e-5)


def test_numpy_computes_what_torch_trains() -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    from training.support.network import Network  # noqa: TID251 - the test compares the two

    network = Network()
    network.load_state_dict({name: weight.float() for name, weight in load_file(SHIPPED).items()})
    network.eval()
    for claim in ("Pasar itu tidak dibuka.", "Wali Kota membuka pasar di Samarinda pada 2023."):
        texts = pair(SENTENCE, claim)
        batch = (torch.tensor(x)[None] for x in (texts.evidence, texts.claim, texts.features))
        with torch.no_grad():
            wanted = network(*batch)[0].numpy()
        assert SupportScore.shipped().logits(texts) == pytest.approx(wanted, abs=1e-3)


def test_words_that_are_seldom_names() -> None:
    assert {"menurut", "sejumlah"} <= ordinary_words()
    assert not {"samarinda", "prabowo", "balikpapan"} & (ordinary_words() | english_words())
