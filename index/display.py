"""How the index's objects show themselves in a notebook: HTML without scripts, and plain text where there is no HTML.

Everything that articles say is escaped. Colours are inherited and lines translucent: it reads in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .types import Article, Coverage, IngestReport, Passage

__all__ = ["index_html", "passage_html", "report_html", "report_text", "show_as_text", "source_text"]

_BOX = "border-left:3px solid rgb(128 128 128/.5);padding:.1em .8em;margin:.4em 0"
_BODY = "white-space:pre-wrap;overflow-wrap:anywhere;margin:.3em 0"
_OUTCOMES = ("added", "updated", "unchanged", "removed", "failed")
_MOST_FAILURES = 50
_MOST_PUBLISHERS = 8


class _Printer(Protocol):
    """IPython's pretty printer, as far as it is needed."""

    def text(self, obj: str) -> None:
        """Prints."""


def show_as_text(thing: object, printer: _Printer, cycle: bool) -> None:  # noqa: ARG001 - IPython's signature
    """For ``_repr_pretty_``: ``str`` is what to show where no HTML is. IPython would print every field of a dataclass,
    bodies of articles and all."""
    printer.text(str(thing))


def source_text(article: Article) -> str:
    """Title, publisher and day of an article, as far as they are known."""
    return ", ".join(filter(None, (article.title, article.publisher, article.day.isoformat() if article.day else "")))


def passage_html(passage: Passage) -> str:
    """A passage under the article it stands in, its scores and other carriers folded below."""
    scores = ", ".join(f"{name} {score:.3f}" for name, score in passage.scores.items())
    details = f"{passage.article.id} [{passage.start}:{passage.end}] · {passage.score:.3f}" + (
        f" ({scores})" if scores else ""
    )
    copies = "".join(f"<li>{escape(source_text(article))}</li>" for article in passage.copies)
    return (
        f'<div class="tb-passage" style="{_BOX}"><strong>{escape(source_text(passage.article))}</strong>'
        f'<div style="{_BODY}">{escape(passage.text)}</div><small>{escape(details)}</small>'
        f"{f'<ul>{copies}</ul>' if copies else ''}</div>"
    )


def report_text(report: IngestReport) -> str:
    """The counts in a line, a line for each failure below."""
    counts = ", ".join(f"{name} {len(getattr(report, name))}" for name in _OUTCOMES)
    return "\n".join([counts, *(f"{failure.source}: {failure.reason}" for failure in report.failed)])


def report_html(report: IngestReport) -> str:
    """The counts, and the failures with their reasons."""
    counts = _table((name, f"{len(getattr(report, name)):,}") for name in _OUTCOMES)
    shown = report.failed[:_MOST_FAILURES]
    more = f"<p>… {len(report.failed) - len(shown):,} more</p>" if len(report.failed) > len(shown) else ""
    failures = (
        f"<details open><summary>failed</summary>{_table((f.source, f.reason) for f in shown)}{more}</details>"
        if shown
        else ""
    )
    return f'<div class="tb-report" style="{_BOX}">{counts}{failures}</div>'


def index_html(name: str, coverage: Coverage) -> str:
    """What an index holds."""
    days = f"{coverage.first_day or '?'} – {coverage.last_day or '?'}"
    rows = [("articles", f"{coverage.articles:,}"), ("chunks", f"{coverage.chunks:,}")]
    if coverage.first_day or coverage.last_day:
        rows.append(("published", days))
    if coverage.publishers:
        rows.append(("publishers", _most(coverage.publishers)))
    if coverage.topics:
        rows.append(("topics", _most(coverage.topics)))
    return f'<div class="tb-index" style="{_BOX}"><strong>{escape(name)}</strong>{_table(rows)}</div>'


def _most(counts: Mapping[str, int]) -> str:
    shown = [f"{name} ({count:,})" for name, count in list(counts.items())[:_MOST_PUBLISHERS]]
    return ", ".join([*shown, "…"] if len(counts) > len(shown) else shown)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f"<table>{cells}</table>"
