"""How well near-duplicates are told from stories with news in them: precision and recall at several edit rates.

    python -m benchmarks.copies ARTICLES [--rates 0 0.05 0.1 0.15 0.2] [--rounds N]

ARTICLES is anything that ``read_articles`` reads; each article is edited as newsrooms edit wire copy. "story" counts
pairs of articles: copies that share a band and are put into one story, against articles about something else. "passage"
counts chunks: those of a copy that are found to be carried by the original, against chunks with one figure or name
changed, and chunks with the new paragraphs of follow-ups.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Article, read_articles
from index.chunking import chunk_article
from index.copies import bands, carries, share_a_story

_SYNONYMS = {
    "mengatakan": "menyampaikan",
    "kata": "ujar",
    "menyebut": "menyatakan",
    "menurut": "berdasarkan keterangan",
    "yang": "",
    "juga": "pun",
    "karena": "sebab",
    "untuk": "guna",
    "sehingga": "sampai",
    "serta": "dan",
    "dapat": "bisa",
    "akan": "bakal",
    "sudah": "telah",
    "telah": "sudah",
    "tersebut": "itu",
    "warga": "masyarakat",
    "hanya": "cuma",
    "sejak": "semenjak",
    "tidak": "tak",
    "saat": "ketika",
    "dilakukan": "dilaksanakan",
    "sekitar": "kira-kira",
    "seluruh": "semua",
    "para": "",
    "sebagai": "selaku",
    "terhadap": "kepada",
    "hingga": "sampai",
    "dengan": "bersama",
    "besar": "luas",
    "memberikan": "memberi",
}
_FILLERS = ("tersebut", "pun", "juga", "itu", "lagi", "turut", "kemudian", "masih")
_DATELINES = ("Samarinda (ANTARA) - ", "JAKARTA, KOMPAS.com - ", "TEMPO.CO, Jakarta - ", "")
_LINKS = "Baca juga: Harga Cabai Naik di Pasar Segiri Menjelang Akhir Pekan"


def edited(article: Article, rate: float, publisher: str, seed: int, *, keep: float = 1.0) -> Article:
    """A copy in another outlet: each plain word is changed, dropped or joined by a filler with probability ``rate``.

    Figures and names stay. The dateline is the outlet's, a link line stands between the paragraphs, the day in brackets
    gets its year, and the last paragraphs beyond the share ``keep`` are cut, as outlets do.
    """
    dice = random.Random(f"{seed} {publisher} {article.id}")

    def word(match: re.Match[str]) -> str:
        if dice.random() >= rate:
            return match[0]
        if match[0] in _SYNONYMS:
            return _SYNONYMS[match[0]]
        return dice.choice(("", f"{match[0]} {dice.choice(_FILLERS)}", dice.choice(_FILLERS)))

    paragraphs = article.text.split("\n\n")
    paragraphs = paragraphs[: max(1, round(keep * len(paragraphs)))]
    changed = [re.sub(r"(?<![\w-])[a-z]{3,}(?![\w-])", word, paragraph) for paragraph in paragraphs]
    changed.insert(len(changed) // 2, _LINKS)
    text = "\n\n".join(re.sub(r" {2,}", " ", paragraph) for paragraph in changed)
    text = re.sub(r"\((\d{1,2}/\d{1,2})\)", r"(\1/2024)", text)
    return replace(article, text=dice.choice(_DATELINES) + text, publisher=publisher, source="", url=None)


def follow_up(article: Article, other: Article, publisher: str) -> Article:
    """A later story: two new paragraphs, then the last third of the old one as background."""
    old, new = article.text.split("\n\n"), other.text.split("\n\n")
    text = "\n\n".join((*new[:2], *old[-max(1, len(old) // 3) :]))
    return replace(article, title=other.title, text=text, publisher=publisher, source="", url=None)


def with_news(passage: str, dice: random.Random) -> str | None:
    """The passage with one figure or one name changed; None where it has neither."""
    places = [match.span() for match in re.finditer(r"\d+|(?<=[a-z,] )[A-Z][a-z]{3,}", passage)]
    places = [(start, end) for start, end in places if not _in_furniture(passage, start)]
    if not places:
        return None
    start, end = dice.choice(places)
    new = str(int(passage[start:end]) + 3571) if passage[start].isdigit() else "Wirasaba"
    return passage[:start] + new + passage[end:]


def _in_furniture(text: str, place: int) -> bool:
    """Whether it is in the link line, the dateline, or a day in brackets, none of which count."""
    in_brackets = text.rfind("(", 0, place) > text.rfind(")", 0, place)
    line = text[text.rfind("\n", 0, place) + 1 :]
    return in_brackets or line.startswith("Baca juga") or place < text.find(" - ", 0, 40)


@dataclass(slots=True)
class Counts:
    """Of pairs that are copies and of pairs that are not: how many there are and how many were called copies."""

    copies: int = 0
    found: int = 0
    others: int = 0
    mistaken: int = 0

    def add(self, is_copy: bool, called: bool) -> None:
        if is_copy:
            self.copies += 1
            self.found += called
        else:
            self.others += 1
            self.mistaken += called

    def __str__(self) -> str:
        precision = self.found / max(1, self.found + self.mistaken)
        recall = self.found / max(1, self.copies)
        return (
            f"{precision:9.3f} {recall:6.3f}  ({self.found}/{self.copies} found, {self.mistaken}/{self.others} wrong)"
        )


def one_story(one: Article, other: Article) -> bool:
    """As the index decides it, with no third article between the two."""
    return bool(set(bands(one.text)) & set(bands(other.text))) and share_a_story(one.text, other.text)


def measured(articles: Sequence[Article], rate: float, rounds: int, *, keep: float = 1.0) -> tuple[Counts, Counts]:
    """Counts of pairs of articles, and of passages, at one edit rate."""
    stories, passages = Counts(), Counts()
    for seed in range(rounds):
        dice = random.Random(seed)
        copies = [edited(article, rate, "Warta Lain", seed, keep=keep) for article in articles]
        for number, (article, copy) in enumerate(zip(articles, copies, strict=True)):
            stories.add(True, one_story(article, copy))
            other = articles[(number + 1 + seed) % len(articles)]
            later = follow_up(copy, other, "Warta Lain")
            if other is not article:
                stories.add(False, one_story(article, other))
                news = len("\n\n".join(other.text.split("\n\n")[:2]))
                for chunk in chunk_article(later):
                    if chunk.start < news:
                        passages.add(False, carries(article.text, later.text[chunk.start : chunk.end]))
            for chunk in chunk_article(copy):
                passage = copy.text[chunk.start : chunk.end]
                passages.add(True, carries(article.text, passage))
                changed = with_news(passage, dice)
                if changed and changed not in article.text:
                    passages.add(False, carries(article.text, changed))
    return stories, passages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("--rates", type=float, nargs="+", default=[0.0, 0.05, 0.1, 0.15, 0.2, 0.3])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=int, default=500)
    chosen = parser.parse_args()
    found = (item for item in read_articles(chosen.articles) if isinstance(item, Article))
    articles = [article for article, _ in zip(found, range(chosen.limit), strict=False)]
    print(f"{len(articles)} articles, {chosen.rounds} rounds")
    for keep in (1.0, 0.6):
        for rate in chosen.rates:
            stories, passages = measured(articles, rate, chosen.rounds, keep=keep)
            print(f"kept {keep:.0%}, edited {rate:4.0%}   story   precision recall {stories}")
            print(f"                         passage precision recall {passages}")


if __name__ == "__main__":
    main()
