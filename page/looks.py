"""The theme: system fonts only, because Gradio's own themes fetch theirs from the web."""

from __future__ import annotations

from gradio.themes import Base
from gradio.themes.utils.fonts import Font

__all__ = ["theme"]


def theme() -> Base:
    """Gradio's bare theme in the system's fonts and this page's colours, which ``page.css`` defines."""
    sans = [Font(name) for name in ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")]
    mono = [Font(name) for name in ("ui-monospace", "SFMono-Regular", "Consolas", "monospace")]
    return Base(font=sans, font_mono=mono).set(
        body_background_fill="var(--paper)",
        body_background_fill_dark="var(--paper)",
        body_text_color="var(--ink)",
        body_text_color_dark="var(--ink)",
    )
