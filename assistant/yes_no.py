"""Whether a sentence says yes or no to a question, where its words leave no doubt."""

from __future__ import annotations

import re

from index.lexicon import Word, words
from index.questions import Question
from index.terms import analyse

__all__ = ["says_yes"]

_DENIAL = re.compile(r"\b(?:tidak|tak|belum|bukan|bukanlah|not|no|never)\b", re.IGNORECASE)
# Beside these the sentence does not simply say so: it supposes, limits, reports a claim, or denies by another word.
_DOUBT = re.compile(
    r"\b(?:jika|kalau|apabila|bila|andai\w*|mungkin|diduga|dikabarkan|konon|isu|hoaks|hampir|hanya|cuma|kecuali|selain|"
    r"namun|tetapi|tapi|meski\w*|walau\w*|batal|gagal|membantah|menepis|menolak|menyangkal|tanpa|jangan|bisa|dapat|akan|"
    r"rencana\w*|berencana|ingin|berharap|diharapkan|target\w*|menargetkan|ditargetkan|if|may|might|could|only|but|"
    r"deny|denied|plans?|planned|will)\b",
    re.IGNORECASE,
)
_BEFORE = 20  # characters before the first shared word in which a denial or doubt still concerns it


def says_yes(question: Question, sentence: str, article: str) -> bool | None:
    """True where ``sentence`` states what a yes-no question asks, False where it denies just that; None if unsure.

    Sure means: every word of the question stands in the sentence and in the same order, names and figures at least in
    the article (its title and text); between them stands no doubt, condition or limit that the question lacks; and
    there is no denial, or a single one right before one of those words.
    """
    asked = [word for word in words(question.text) if word.term in question.terms]
    known = set(analyse(article))
    said = [word for word in words(sentence) if word.term]
    stated = {word.term for word in said}
    predicate = [word for word in asked if not _is_name(word, asked)]
    if not predicate or any(word.term not in stated for word in predicate) or any(w.term not in known for w in asked):
        return None
    places = [[word for word in said if word.term == term] for term in dict.fromkeys(w.term for w in asked)]
    matched = [found[0] for found in places if found]
    if matched != sorted(matched, key=lambda word: word.start):
        return None
    start, end = matched[0].start, matched[-1].end
    between = sentence[max(0, start - _BEFORE) : end]
    if {m.group().lower() for m in _DOUBT.finditer(between)} - {
        m.group().lower() for m in _DOUBT.finditer(question.text)
    }:
        return None
    if _DENIAL.search(question.text):
        return None
    denials = list(_DENIAL.finditer(between))
    if not denials:
        return True
    follows = re.match(r" (?:lagi |pernah |jadi |akan )?(\w+)", between[denials[0].end() :])
    terms = {word.term for word in predicate}
    return False if len(denials) == 1 and follows and set(analyse(follows[1])) & terms else None


def _is_name(word: Word, asked: list[Word]) -> bool:
    return word.text[0].isdecimal() or (word.text[0].isupper() and word is not asked[0])
