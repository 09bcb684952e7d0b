"""Prints the cross-encoder's and the reader's figures on the valid splits: own passage, reranking, whole pool."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.reader import Reader
from assistant.reading.neural import best_span
from index.cross_encoder import CrossEncoder

from .data import Example, Pool, passage, read, valid_pool
from .metrics import cited, exact, f1

DEPTH = 30


def ndcg(ranks: list[int | None]) -> float:
    """nDCG@10 with one relevant passage: 1 / log2(rank + 2), rank from 0."""
    return float(np.mean([1 / np.log2(r + 2) if r is not None and r < 10 else 0.0 for r in ranks]))


def rerank(examples: list[Example], pool: Pool, encoder: CrossEncoder) -> None:
    """nDCG@10 of the fused ranking and after reranking, by the weight of the relevance logit."""
    fused: list[list[float]] = []
    logits: list[list[float]] = []
    own: list[int | None] = []
    for example in examples:
        best = pool.top(example.question, DEPTH)
        readings = encoder.read(example.question, [pool.texts[i] for i, _ in best])
        fused.append([score for _, score in best])
        logits.append([reading.relevant for reading in readings])
        rows = [i for i, _ in best]
        target = pool.bm25.index[example.context]
        own.append(rows.index(target) if target in rows else None)
    for weight in (0.0, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 1.0, 100.0):
        ranks = []
        for scores, logit, place in zip(fused, logits, own, strict=True):
            total = np.array(scores) + weight * np.array(logit)
            ranks.append(None if place is None else int((total > total[place]).sum()))
        recall = np.mean([rank is not None and rank < 5 for rank in ranks])
        print(f"  weight {weight}: nDCG@10 {ndcg(ranks):.4f}  recall@5 {recall:.4f}")
    print("  within the first", DEPTH, np.mean([place is not None for place in own]))


def own_passage(examples: list[Example], reader: Reader) -> None:
    """Each question with its own passage alone: EM, F1 (0 for answering what has no answer), sentence, refusal."""
    confidence, em, f, holds, found = [], [], [], [], []
    for example in examples:
        reading = reader.read(example.question, [passage(example.context)])
        network = CrossEncoder.shipped().read(example.question, [example.context])[0]
        (first, last), _ = best_span(network.start, network.end)
        text = example.context[network.passage.spans[first, 0] : network.passage.spans[last, 1]]
        confidence.append(reading.confidence)
        found.append(reading.found)
        em.append(max((exact(text, a) for a in example.texts), default=0.0))
        f.append(max((f1(text, a) for a in example.texts), default=0.0))
        # No evidence where no sentence can say it: the first, and all, hold nothing then.
        first_cited = reading.evidence[:1]
        holds.append(any(one.start <= s and e <= one.end for one in first_cited for s, e in example.answers))
    y, p, said = np.array([bool(e.answers) for e in examples]), np.array(confidence), np.array(found)
    print(f"  answerable only, forced: EM {np.mean(np.array(em)[y]):.3f} F1 {np.mean(np.array(f)[y]):.3f}")
    print(f"  answerable only: first sentence holds the answer {np.mean(np.array(holds)[y]):.3f}")
    if not y.all():
        print(f"  AUROC {roc_auc_score(y, p):.3f}, balanced accuracy {(said[y].mean() + (~said)[~y].mean()) / 2:.3f}")
        for cut in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 2.0):
            answered = p >= cut
            scores = [np.where(answered, np.where(y, np.array(x), 0.0), ~y).mean() for x in (em, f)]
            balanced = (answered[y].mean() + (~answered)[~y].mean()) / 2
            print(f"  from {cut}: EM {scores[0]:.3f} F1 {scores[1]:.3f} over all, balanced accuracy {balanced:.3f}")


def whole_pool(examples: list[Example], pool: Pool, reader: Reader, k: int) -> None:
    """Net score = (right - wrong - answered without an answer) / answerable, by threshold; cited sentences hold it."""
    outcomes = []
    for example in examples:
        passages = [passage(pool.texts[i], score) for i, score in pool.top(example.question, k)]
        reading = reader.read(example.question, passages)
        outcomes.append((reading.confidence, bool(example.answers), cited(reading, example)))
    p, y, held = (np.array(column) for column in zip(*outcomes, strict=True))
    print(f"  a cited sentence holds the answer {held[y].mean():.3f}; {k} passages read")
    for cut in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        said = p >= cut
        net = ((said & held).sum() - (said & y & ~held).sum() - (said & ~y).sum()) / y.sum()
        right = held[y & said].mean()
        print(f"  from {cut}: net {net:.3f}, answered {said[y].mean():.2f}, right when answered {right:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", choices=("rerank", "own", "pool"), help="one part")
    parser.add_argument("--limit", type=int, default=10_000, help="at most so many questions of each set")
    arguments = parser.parse_args()

    def valid(name: str) -> list[Example]:
        return read(arguments.data, name, "valid")[: arguments.limit]

    if arguments.only in (None, "own"):
        for name in ("idk_mrc", "facqa"):
            print(name, "valid, own passage")
            own_passage(valid(name), Reader())
    if arguments.only == "own":
        return
    pool = Pool(valid_pool(arguments.data))
    print(len(pool.texts), "passages")
    if arguments.only in (None, "rerank"):
        for name in ("tydiqa_id", "facqa"):
            print(name, "valid, reranked")
            rerank(valid(name), pool, CrossEncoder.shipped())
    if arguments.only in (None, "pool"):
        for name in ("idk_mrc", "facqa"):
            print(name, "valid, whole pool")
            whole_pool(valid(name), pool, Reader(), 10)


if __name__ == "__main__":
    main()
