"""A run as one HTML page that needs nothing else: no script, no font, no request. Whatever articles say is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.answer_evaluation import Verdict
from index.errors import TanyaError

from .comparing import Comparison
from .figures import DECISIONS, FIGURES, Figure, baselines, figures_of
from .plots import VERDICTS, plots_of
from .rows import Row

__all__ = ["report_html", "write_report"]

MEANINGS: dict[Verdict, str] = {
    "wrong": "answered, but no quotation holds the answer",
    "invented": "answered although the articles do not",
    "missed": "refused although the articles answer",
    "unjudged": "too little is known of the question",
    "held": "a quotation holds the answer",
    "refused": "refused, and the articles do not answer",
}
"""Each verdict in words, the failures first."""


def report_html(rows: Sequence[Row], about: Mapping[str, str], comparison: Comparison | None = None) -> str:
    """The page: figures with their intervals, baselines, plots, what changed, and every question, failures first.

    ``about`` is shown at the top: what was asked of what, by name.

    Raises:
        TanyaError: jinja2, matplotlib or another library of the extra ``evaluate`` is not installed.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise TanyaError("A report needs jinja2: pip install 'tanya-berita[evaluate]'") from error
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    groups = [(verdict, [row for row in rows if row.verdict == verdict]) for verdict in MEANINGS]
    changes = sorted(comparison.changes, key=lambda change: change.gain) if comparison else []
    return pages.get_template("report.html").render(
        about=about,
        rows=rows,
        figures=figures_of(rows),
        meanings=FIGURES,
        baselines={name: {key: Figure(value) for key, value in part.items()} for name, part in baselines(rows).items()},
        decisions=DECISIONS,
        plots=plots_of(rows),
        comparison=comparison,
        changes=changes,
        groups=[(verdict, group) for verdict, group in groups if group],
        verdicts=MEANINGS,
        colours=VERDICTS,
    )


def write_report(path: Path, page: str) -> None:
    """Writes the page.

    Raises:
        TanyaError: the file cannot be written.
    """
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise TanyaError(f"{path} cannot be written: {error}") from error
