"""Goes on training the cross-encoder on questions about news -> training/runs/reader/NAME.pt.

Every epoch mixes the questions about news (``training/questions``, those not held out), each with passages that answer
and passages that do not, into a share of what ``train.py`` learns from, so that nothing is forgotten. Half of the
passages stand behind their article's first paragraph, as the reader reads them. Every other step is about order alone:
the passage that answers against seven that retrieval finds too (softmax over their logits of relevance).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

from assistant.reader import lead
from assistant.translation import searchable
from index.chunking import chunk_article
from index.types import Article, Passage
from training.questions import WrittenQuestion, read_questions

from .data import Bm25, Example, is_stacked, read, train_examples
from .items import UNKNOWN, Item, Items, Shares, Speech
from .made import made
from .metrics import f1
from .network import Network
from .news import news_articles
from .train import (
    Encoder,
    batches,
    best_span,
    collate,
    evaluate,
    loss_of,
    nearest,
    ranked_questions,
    reranked,
)

_NEAR = 14  # passages of other articles
_LED = 0.55  # share of the passages that stand behind a lead
_OTHERS = 24_000  # items an epoch besides those about news
_ABOUT = 4_500  # questions about news an epoch, each with four or five passages
_ORDERED = 8  # passages to be put in order for a question
_QUESTIONS = 4  # of a step about order
_OF_NEWS = 0.35  # share of them that are about news


@dataclass(frozen=True)
class Text:
    """A passage, its article's first paragraph where that is another, and the answers in the passage."""

    passage: str
    lead: str
    answers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question about news with passages of its article that answer, others of it, and near ones of other articles."""

    question: WrittenQuestion
    words: str  # of the question, as the reader is asked: one in English in Indonesian words
    answering: list[Text]
    silent: list[Text]
    near: list[Text]


def asked_about(articles: dict[str, Article]) -> Iterator[Asked]:
    texts = {key: list(_texts(article)) for key, article in articles.items()}
    pool = [(key, text) for key, found in texts.items() for text in found]
    bm25 = Bm25([text.passage for _, text in pool])
    for question in read_questions():
        article = articles[question.text]
        own = [_marked(article, text, question) for text in texts[question.text]]
        answers = [article.text[a:b] for a, b in question.spans]
        words = searchable(question.question)
        found = [pool[i] for i, _ in bm25.top(words, _NEAR)]
        near = [
            text
            for key, text in found
            if key != question.text and not any(len(a) > 3 and a in text.passage for a in answers)
        ]
        asked = Asked(question, words, [t for t in own if t.answers], [t for t in own if not t.answers], near)
        if asked.answering or not question.spans:
            yield asked


def _texts(article: Article) -> Iterator[Text]:
    for chunk in chunk_article(article):
        passage = Passage(article=article, chunk=chunk, score=0.0)
        yield Text(passage.text, lead(passage))


def _marked(article: Article, text: Text, question: WrittenQuestion) -> Text:
    start = article.text.index(text.passage)
    end = start + len(text.passage)
    inside = tuple((a - start, b - start) for a, b in question.spans if start <= a and b <= end)
    return Text(text.passage, text.lead, inside)


def items_about(asked: list[Asked], speech: Speech, chance: random.Random) -> list[Item]:
    """One epoch's items: two with an answer, one or two of the same article without, two of other articles."""

    def item(one: Asked, text: Text, answered: float, relevant: float) -> Item:
        span = chance.choice(text.answers) if text.answers else None
        question = speech(one.words, chance)
        if text.lead and chance.random() < _LED:
            shift = len(text.lead)
            span = (span[0] + shift, span[1] + shift) if span else None
            return Item(question, text.lead + text.passage, span, answered, relevant)
        return Item(question, text.passage, span, answered, relevant)

    found = []
    for one in asked:
        if one.answering:
            found += [item(one, chance.choice(one.answering), 1.0, 1.0) for _ in range(2)]
        if one.silent:
            drawn = 2 if not one.answering else int(chance.random() < 0.8)
            found += [item(one, chance.choice(one.silent), 0.0, UNKNOWN) for _ in range(drawn)]
        for _ in range(2 if one.near else 0):
            place = min(int(chance.expovariate(0.3)), len(one.near) - 1)
            found.append(item(one, one.near[place], 0.0, 0.0))
    return found


class Orders:
    """Questions, each with a passage that answers and, behind it, others that retrieval finds too."""

    def __init__(
        self, examples: list[Example], near: list[list[str]], asked: list[Asked], speech: Speech, chance: random.Random
    ) -> None:
        native = zip(examples, near, strict=True)
        self._native = [(e, found) for e, found in native if e.answers and not e.source.startswith("squad")]
        self._asked = [one for one in asked if one.answering and len(one.near) >= _ORDERED - 1]
        self._speech, self._chance = speech, chance

    def __call__(self, questions: int) -> list[tuple[str, list[str]]]:
        """As many questions with their passages, the answering one first."""
        found: list[tuple[str, list[str]]] = []
        while len(found) < questions:
            if self._chance.random() < _OF_NEWS:
                one = self._chance.choice(self._asked)
                led = self._chance.random() < _LED
                texts = [self._chance.choice(one.answering), *self._chance.sample(one.near, _ORDERED - 1)]
                words, passages = one.words, [led * text.lead + text.passage for text in texts]
            else:
                example, near = self._chance.choice(self._native)
                others = [text for text in near if not any(len(t) > 3 and t in text for t in example.texts)]
                if len(others) < _ORDERED - 1:
                    continue
                words, passages = example.question, [example.context, *self._chance.sample(others, _ORDERED - 1)]
            found.append((self._speech(words, self._chance), passages))
        return found


def order_loss(network: Network, orders: list[tuple[str, list[str]]], encoder: Encoder) -> torch.Tensor:
    """Cross-entropy of the first passage of each question against the others, by the logits of relevance."""
    pairs = [encoder.pair(question, passage) for question, passages in orders for passage in passages]
    logits = network(*collate(pairs))[3].view(len(orders), _ORDERED)
    return nn.functional.cross_entropy(logits, torch.zeros(len(orders), dtype=torch.long))


@torch.no_grad()
def measured(network: Network, encoder: Encoder, asked: list[Asked]) -> dict[str, float]:
    """Of the passages of the article and six near ones, the likeliest to answer: its span's sentence and F1; AUROC."""
    network.eval()
    first, overlap, labels, logits = [], [], [], []
    for one in asked:
        texts = [*one.answering, *one.silent, *one.near[:6]]
        start, end, answered, _ = network(*collate([encoder.pair(one.words, t.lead + t.passage) for t in texts]))
        best = int(answered.argmax())
        labels.append(bool(one.answering))
        logits.append(float(answered.max()))
        if one.answering:
            text = texts[best]
            encoded = encoder.passage(text.lead + text.passage)
            size = len(encoded.ids)
            left, right = best_span(start[best, :size].numpy(), end[best, :size].numpy())
            inside = encoded.spans[encoded.sentences == encoded.sentences[(left + right) // 2]] - len(text.lead)
            first.append(any(inside[0, 0] <= a and b <= inside[-1, 1] + 1 for a, b in text.answers))
            said = (text.lead + text.passage)[encoded.spans[left, 0] : encoded.spans[right, 1]]
            overlap.append(max((f1(said, text.passage[a:b]) for a, b in text.answers), default=0.0))
    network.train()
    figures = {"sentence": np.mean(first), "f1": np.mean(overlap), "auroc": roc_auc_score(labels, logits)}
    return {name: round(float(value), 3) for name, value in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="what train.py wrote")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/reader"))
    parser.add_argument("--name", default="news")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--seed", type=int, default=0, help="another order of the same questions, for a mean of two")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    chance = random.Random(arguments.seed)
    encoder = Encoder()
    examples = [e for e in train_examples(arguments.data) if not is_stacked(e)]
    near = nearest(examples, list(dict.fromkeys(e.context for e in examples)), arguments.runs / "near.npy")
    native = list(dict.fromkeys(e.context for e in examples if not e.source.startswith("squad")))
    speech = Speech(arguments.data)
    drawn = Items(examples, near, made(arguments.data, native, random.Random(0)), speech)
    shares = Shares(squad=0.12, cloze=2500, searches=1200, unsaid=900, negatives=0.8)
    asked = list(asked_about(news_articles(arguments.data)))
    learnt = [one for one in asked if not one.question.held_out]
    held_out = [one for one in asked if one.question.held_out]
    valid = {name: read(arguments.data, name, "valid") for name in ("idk_mrc", "facqa")}
    network = Network(encoder.vocabulary.size)
    network.load_state_dict(torch.load(arguments.checkpoint, weights_only=True))
    orders = Orders(examples, near, learnt, speech, chance)
    ranked = ranked_questions(arguments.data)
    print(len(learnt), "questions about news; before:", measured(network, encoder, held_out),
          {name: reranked(network, encoder, r) for name, r in ranked.items()}, flush=True)  # fmt: skip
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998)
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=arguments.rate, betas=(0.9, 0.99), fused=True)
    begun, step = time.time(), 0
    for epoch in range(arguments.epochs):
        others = drawn.epoch(shares, chance)
        about = chance.sample(learnt, min(len(learnt), _ABOUT))
        mixed = chance.sample(others, min(len(others), _OTHERS)) + items_about(about, speech, chance)
        parts = batches(mixed, encoder, 32, chance)
        losses = []
        for number, batch in enumerate(parts):
            done = (epoch + number / len(parts)) / arguments.epochs
            for group in optimiser.param_groups:
                group["lr"] = arguments.rate * min(1.0, (step + 1) / 100) * (1 - 0.98 * done)
            loss = loss_of(network, batch, encoder)
            if number % 2:
                loss = loss + order_loss(network, orders(_QUESTIONS), encoder)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            average.update_parameters(network)
            losses.append(float(loss.detach()))
            step += 1
        figures = {name: evaluate(average.module, encoder, examples) for name, examples in valid.items()}
        ranks = {name: reranked(average.module, encoder, r) for name, r in ranked.items()}
        print(epoch, f"{np.mean(losses):.3f} {time.time() - begun:.0f}s", measured(average.module, encoder, held_out),
              json.dumps(figures), ranks, flush=True)  # fmt: skip
        torch.save(average.module.state_dict(), arguments.runs / f"{arguments.name}.pt")


if __name__ == "__main__":
    main()
