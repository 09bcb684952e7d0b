"""The few pictures of the page, drawn for it: 24 by 24, lines in the colour of the text, hidden from screen readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["icon"]

_PATHS: Final[Mapping[str, str]] = {
    "conversations": "M4 5h16v11H9l-5 4z M8 9h8 M8 12h5",
    "library": "M5 4h4v16H5z M10 4h4v16h-4z M15.5 5l3.5-1 3 15-3.5 1z",
    "preferences": "M4 7h9 M17 7h3 M15 5v4 M4 12h3 M11 12h9 M9 10v4 M4 17h10 M18 17h2 M16 15v4",
    "supported": "M5 12.5l4.5 4.5L19 7.5",
    "partly": "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16z M12 4v16 M12 8h4.5 M12 12h6.5 M12 16h4.5",
    "unsupported": "M7 7l10 10 M17 7L7 17",
    "helpful": "M7 11v9H4v-9z M7 12l4-8c1.5 0 2.5 1 2.2 2.6L12.7 10H19a1.5 1.5 0 0 1 1.5 1.8l-1.4 7"
    "A1.5 1.5 0 0 1 17.6 20H7",
    "not_helpful": "M17 13V4h3v9z M17 12l-4 8c-1.5 0-2.5-1-2.2-2.6l.5-3.4H5a1.5 1.5 0 0 1-1.5-1.8l1.4-7"
    "A1.5 1.5 0 0 1 6.4 4H17",
}


def icon(name: str) -> str:
    """An icon as SVG; ``page.css`` says how its lines are drawn."""
    lines = f'<path d="{_PATHS[name]}"/>'
    return f'<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{lines}</svg>'
