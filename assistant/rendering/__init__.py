"""An ``Answer`` as HTML, Markdown and plain text, and an article with exact characters highlighted.

The page, Jupyter and the command line share this. Everything that articles, questions and models wrote is escaped; no
script, image or other remote thing is ever part of the output, and links lead to http(s) addresses only. Colours are
inherited and highlights are translucent, so that the HTML reads in light and dark surroundings; its few style rules
have no specificity, so that any style sheet may replace them.
"""

from .html import answer_html, article_html, citation_html, glosses_html, highlight_html
from .markdown import answer_markdown, plain_markdown
from .plain import answer_text
from .runs import citation_markers
from .sources import format_date

__all__ = [
    "answer_html",
    "answer_markdown",
    "answer_text",
    "article_html",
    "citation_html",
    "citation_markers",
    "format_date",
    "glosses_html",
    "highlight_html",
    "plain_markdown",
]
