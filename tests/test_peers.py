"""The comparison with peers: the same articles and questions for all, and figures that follow from what was found."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import __main__ as peers
from benchmarks.peers.showing import draw, ratios, table
from index.embedding import load_embedding

QUESTIONS = {
    "tydiqa_id.valid": [
        {
            "question": "Siapa membuka pasar ikan?",
            "context": "Pasar ikan dibuka Bupati Rina.",
            "answers": [{"text": "Rina"}],
        },
        {"question": "Siapa kadisnya?", "context": "Pasar ikan dibuka Bupati Rina.", "answers": []},
    ],
    "facqa.valid": [
        {"question": "Di mana banjir?", "context": "Banjir merendam Muara Kaman.", "answers": [{"text": "Muara Kaman"}]}
    ],
    "lain.train": [
        {"question": "Apa?", "context": f"Kapal nomor {n} tiba di dermaga.", "answers": []} for n in range(9)
    ],
}


@pytest.fixture
def data(tmp_path) -> Path:
    (tmp_path / "qa").mkdir()
    for name, rows in QUESTIONS.items():
        (tmp_path / "qa" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_the_pool_holds_what_is_asked_first_and_the_seeds(data):
    articles, questions, relevant = peers.pool(data, 4)
    contexts = [article["text"] for article in articles if article["id"].startswith("c")]
    assert contexts[:2] == ["Pasar ikan dibuka Bupati Rina.", "Banjir merendam Muara Kaman."]
    assert len(contexts) == 4
    assert len(articles) == 4 + 14
    assert {name: len(part) for name, part in relevant.items()} == {"tydiqa_id.valid": 1, "facqa.valid": 1, "seeds": 74}
    known = {article["id"] for article in articles}
    assert all(set(part) <= known for rows in relevant.values() for part in rows.values())
    assert {row["id"] for row in questions} == {one for rows in relevant.values() for one in rows}


def test_an_article_counts_once_by_its_first_passage():
    relevant = {"set": {"q": {"b": 1}, "r": {"z": 1}}}
    figures = peers.measured({"q": ["a", "a", "a", "b"], "r": []}, relevant)["set"]
    assert figures["nDCG@10"] == pytest.approx((1 / 1.585 + 0) / 2, abs=1e-3)  # second place: 1 / log2(3)
    assert figures["R@5"] == 0.5


def test_every_peer_says_what_it_needs_or_is_ours(tmp_path):
    for _, script, _ in peers.RUNS:
        text = (peers.HERE / f"{script}.py").read_text("utf-8")
        assert "def build(articles, folder, embedding)" in text
        assert "def opened(folder, embedding)" in text
        if script == "tanya":
            assert peers.environment(peers.HERE / "tanya.py", tmp_path) == Path(sys.executable)
        else:
            assert peers._BLOCK.search(text)


@pytest.mark.slow
def test_ours_is_built_and_asked_in_processes_of_its_own(data, tmp_path):
    articles, questions, relevant = peers.pool(data, 4)
    run = peers.one_run("tanya", "fused", tmp_path, articles, questions[:5])
    assert run["build"]["articles"] == 18
    assert run["build"]["index_mb"] > 0
    assert run["ask"]["p95_cpu_ms"] >= run["ask"]["p50_cpu_ms"] > 0
    assert run["found"]["tydiqa_id.valid-0"][0] == "c0"
    assert peers.measured(run["found"], {"tydiqa_id.valid": relevant["tydiqa_id.valid"]})["tydiqa_id.valid"]["R@5"] == 1


def test_costs_are_ratios_to_ours(tmp_path):
    def run(times: float) -> dict:
        build = {"cpu_seconds": 2.0 * times, "index_mb": 10.0, "memory_mb": 200}
        ask = {"p50_cpu_ms": 3.0, "p95_cpu_ms": 4.0 / times, "cold_cpu_seconds": 1.0}
        return {"build": build, "ask": ask, "quality": {"seeds": {"nDCG@10": 0.5, "R@5": 0.75}}}

    results = {"pool": {"questions": {"seeds": 74}}, "runs": {"Tanya Berita": run(1), "Peer": run(4)}}
    assert ratios(results)["Peer"]["time to index"] == 4
    assert ratios(results)["Peer"]["query p95"] == 0.25
    assert set(ratios(results)["Tanya Berita"].values()) == {1.0}
    assert table(results).splitlines()[-1].split(" | ")[1:4] == ["0.500", "0.750", "4"]
    draw(results, tmp_path / "peers.png")
    assert (tmp_path / "peers.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_peers_get_our_embedding_as_the_library_can_compute_with_it(tmp_path):
    from sentence_transformers import SentenceTransformer

    texts = ["Harga beras naik.", "Banjir merendam rumah warga di Muara Kaman."]
    theirs = SentenceTransformer(str(peers.in_single_precision(tmp_path / "copy")), device="cpu").encode(texts)
    np.testing.assert_allclose(theirs, load_embedding().encode_documents(texts), atol=1e-5)
