"""How far an answer's statements are borne out, and where its sources contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from assistant.types import Answer, Citation, Claim, Support
from assistant.wording import Language, format_day, gloss_label, source_label

from .icons import icon
from .markup import link_button, said
from .strings import number

__all__ = ["checks", "disagreements", "usage"]

_WORDS: Final[Mapping[Support, str]] = {
    Support.SUPPORTED: "supported",
    Support.PARTLY: "partly",
    Support.UNSUPPORTED: "unsupported",
}


def checks(answer: Answer, language: Language) -> str:
    """One line if every statement is supported; otherwise each that is not, with the reason."""
    if not answer.claims or not answer.complete:
        return ""
    doubtful = [claim for claim in answer.claims if claim.support is not Support.SUPPORTED]
    if not doubtful:
        return f'<p class="check" data-support="supported">{icon("supported")}{said(language, "all_supported")}</p>'
    rows = "".join(_check(claim, language) for claim in doubtful)
    rest = len(answer.claims) - len(doubtful)
    held = f'<li class="check" data-support="supported">{icon("supported")}{said(language, "rest_supported")}</li>'
    return f'<ul class="checks" aria-label="{said(language, "checks")}">{rows}{held if rest else ""}</ul>'


def disagreements(answer: Answer, language: Language) -> str:
    """Sources that contradict each other side by side, the newest first."""
    by_number = {citation.number: citation for citation in answer.citations}
    groups = [[by_number[number] for number in group if number in by_number] for group in answer.disagreement]
    shown = "".join(
        f'<div class="sides">{"".join(_side(citation, language) for citation in group)}</div>'
        for group in groups
        if len(group) > 1
    )
    heading = f"<h3>{said(language, 'disagreement')}</h3><p>{said(language, 'disagreement_how')}</p>"
    return f'<section class="disagreement">{heading}{shown}</section>' if shown else ""


def usage(answer: Answer, language: Language) -> str:
    """What a chat model was asked for this answer; empty where none was."""
    used = answer.usage
    if used is None or not answer.complete:
        return ""
    tokens = number(used.input_tokens + used.output_tokens, language)
    seconds = number(max(1, round(sum(used.seconds.values()))), language)
    return f'<p class="usage">{said(language, "usage", model=used.model, tokens=tokens, seconds=seconds)}</p>'


def _check(claim: Claim, language: Language) -> str:
    word = said(language, _WORDS[claim.support])
    reason = f" {escape(claim.reason)}" if claim.reason else ""
    return (
        f'<li class="check" data-support="{claim.support}">{icon(claim.support)}<span><strong>{word}:</strong>'
        f" “{escape(claim.text)}”{reason}</span></li>"
    )


def _side(citation: Citation, language: Language) -> str:
    article = citation.article
    day = format_day(article.day, language) if article.day else said(language, "undated")
    meanings = gloss_label(citation.glosses).strip()
    explained = f"<small>{escape(meanings)}</small>" if meanings else ""
    content = (
        f"<strong>{escape(day)}</strong><q>{escape(citation.quote)}</q>{explained}"
        f"<small>[{citation.number}] {escape(article.publisher or source_label(article, language))}</small>"
    )
    return link_button(content, "citation", number=str(citation.number))
