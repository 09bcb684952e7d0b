"""The panel that shows an article, opened at the characters that an answer rests on."""

from __future__ import annotations

from html import escape

from assistant.rendering import article_html, glosses_html
from assistant.types import Citation
from assistant.wording import Language, source_label
from index.types import Article, Passage

from .markup import button, panel, said
from .session import Session
from .strings import say

__all__ = ["article_panel"]


def article_panel(
    session: Session, article: Article | None, evidence: Citation | Passage | None = None, *, removable: bool = False
) -> str:
    """The whole article with its quoted characters marked by their stored offsets.

    Args:
        session: whose panel; says which answer the article was opened for.
        article: ``None`` if it has been removed meanwhile.
        evidence: the stretch of it that an answer quotes or found nearest.
        removable: whether it may be taken out of the index.
    """
    language = session.language
    if article is None:
        return panel(session, said(language, "article"), f'<p class="problem">{said(language, "article_gone")}</p>')
    heading, context, back = said(language, "article"), "", ""
    exchange = session.exchange(session.panel.turn)
    if evidence is None or exchange is None:
        back = button(say(language, "back"), "library")
    elif isinstance(evidence, Citation):
        heading = said(language, "source", number=str(evidence.number))
        context = said(language, "for_question", question=exchange.question)
    else:
        context = said(language, "near_question", question=exchange.question)
    if exchange is not None and article.id in exchange.gone:
        context += f'</p><p class="problem">{said(language, "only_quotation")}'
    spans = [(evidence.start, evidence.end)] if evidence is not None else []
    keys = [evidence.span] if isinstance(evidence, Citation) and evidence.span else []
    text = article_html(article, spans, keys=keys, language=language)
    label = escape(source_label(article, language))
    heading = f"<small>{heading} · {label}</small><span>{escape(article.title)}</span>"
    context = f'<p class="context">{context}</p>' if context else ""
    if isinstance(evidence, Citation):
        context += glosses_html(evidence)
    return panel(session, heading, f"{context}{text}{_removal(article, language) if removable else ''}", before=back)


def _removal(article: Article, language: Language) -> str:
    """Taking an article out, in two steps."""
    sure = button(say(language, "remove_sure"), "remove", id=article.id)
    return f"""<details class="remove"><summary>{said(language, "remove")}</summary>
<p>{said(language, "remove_how")}</p>{sure}</details>"""
