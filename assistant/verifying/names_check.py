"""Names in a claim: those of the cited characters, or of what a pronoun in them stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.dates.days import days
from assistant.types import Support

from .evidence import Evidence, Finding, Source, listed
from .names import Name, initials, names, shortened, spelled_out, tokens
from .quantities import quantities
from .support import ordinary_words

__all__ = ["check"]

_PERSONAL = re.compile(r"\b(?:ia|dia|beliau|he|she)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:mereka|itu|tersebut|ini|keduanya|kedua|ketiga(?:nya)?|pasangan|they|the|this|these|that)\b|\w{3,}nya\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:di|ke|dari|in|at|to|from)\s(?:[a-z]+\s){0,2}$")
_ATTRIBUTED = re.compile(r"\b(?:menurut|kata|ujar|according to|said|data|versi|laporan)\b[^,.]{0,40}$", re.IGNORECASE)


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """Every name that the cited characters do not have and do not stand for."""
    numbered = [(q.start, q.end) for q in quantities(claim, language=evidence.language)]
    numbered += [(day.start, day.end) for day in days(claim)]
    said = [
        name
        for name in names(claim, ordinary=ordinary_words())
        if not any(start <= name.start and name.end <= end for start, end in numbered)
    ]
    for name in said:
        missing = [token for token in name.tokens if not _present(token, evidence)]
        if not missing or (name.opening and _is_word(missing[0], evidence)):
            continue
        finding = _judge(claim, name, missing, said, evidence)
        if finding:
            yield finding


def _judge(claim: str, name: Name, missing: list[str], said: list[Name], evidence: Evidence) -> Finding | None:
    written = claim[name.start : name.end]
    if len(missing) < len(name.tokens) and _is_longer_form(name, evidence):
        return None
    for source in evidence.sources:
        if _stands_for(name, source) or (_is_topic(name, source) and not _displaces(claim, name, said, source)):
            return None
    meant = [other for source in evidence.sources for other in _antecedents(source)]
    instead = listed(meant + [s.text[other.start : other.end] for s in evidence.sources for other in s.names])
    in_article = any(set(missing) <= tokens(f"{s.article.title}\n{s.article.text}") for s in evidence.sources)
    if in_article and not instead:
        return Finding(
            Support.PARTLY,
            evidence.say(
                f"{listed([written])} ada dalam artikelnya, tetapi tidak dalam kutipan yang dirujuk.",
                f"{listed([written])} is in the article, but not in the cited sentence.",
            ),
        )
    return Finding(
        Support.UNSUPPORTED,
        evidence.say(
            f"Sumber yang dirujuk tidak menyebut {listed([written])}"
            + (f"; di sana tertulis {instead}." if instead else "."),
            f"The cited source does not mention {listed([written])}" + (f"; it has {instead}." if instead else "."),
        ),
    )


def _present(token: str, evidence: Evidence) -> bool:
    found = evidence.tokens
    if token in found or token.removesuffix("nya") in found or token in shortened(found):
        return True
    meanings = [*spelled_out(token)]
    if token in evidence.explained:
        meanings.append(evidence.explained[token])
    if any(words <= found for words in meanings if words):
        return True
    if any(token in words and short in found for short, words in evidence.explained.items()):
        return True
    return any(token in words for short in found for words in spelled_out(short)) or _is_acronym(token, evidence)


def _is_acronym(token: str, evidence: Evidence) -> bool:
    return (
        2 <= len(token) <= 6
        and token.isalpha()
        and any(token in initials(s.text) for s in evidence.sources)
        and (token not in ordinary_words())
    )


def _is_word(token: str, evidence: Evidence) -> bool:
    """Whether a word at the head of the claim is a plain one, as far as the articles show."""
    return not any(token in source.sure_tokens for source in evidence.sources)


def _is_longer_form(name: Name, evidence: Evidence) -> bool:
    """ "Isran Noor" for "Isran": the cited characters have a part of it alone, the article the whole."""
    for source in evidence.sources:
        whole = names(f"{source.article.title}\n{source.article.text}")
        if any(set(other.tokens) <= set(name.tokens) for other in source.names) and any(
            set(name.tokens) <= set(other.tokens) for other in whole
        ):
            return True
    return False


def _stands_for(name: Name, source: Source) -> bool:
    """Whether a pronoun in the cited characters stands for the name: "ia" for the first name of the last sentence that
    has one, "mereka" or "jembatan itu" for any name shortly before."""
    if any(set(name.tokens) & tokens(other) for other in _antecedents(source)):
        return True
    if not _POINTING.search(source.text):
        return False
    return set(name.tokens) <= tokens("\n".join([*source.before, source.topic]))


def _antecedents(source: Source) -> list[str]:
    """Whom "ia" in the cited characters means: the first name of the last sentence before that has one."""
    if not _PERSONAL.search(source.text):
        return []
    for text in source.before:
        if found := names(text, ordinary=ordinary_words()):
            return [text[found[0].start : found[0].end]]
    return []


def _is_topic(name: Name, source: Source) -> bool:
    about = tokens(f"{source.topic}\n{source.article.publisher or ''}\n{' '.join(source.article.topics)}")
    return all(
        token in about or token in shortened(about) or any(words <= about for words in spelled_out(token))
        for token in name.tokens
    )


def _displaces(claim: str, name: Name, said: list[Name], source: Source) -> bool:
    """Whether the cited characters have a name that the claim leaves out, in whose place this one may stand: a place
    in that of a place, any other in that of any."""
    if _ATTRIBUTED.search(claim[: name.start]):
        return False
    place = _PLACE.search(claim[: name.start]) is not None
    claimed = {token for other in said for token in other.tokens}
    return any(
        not claimed & set(other.tokens) and (not place or _PLACE.search(source.text[: other.start]))
        for other in source.names
    )
