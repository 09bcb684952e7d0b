"""The panel with the conversations that the browser keeps, and the present one as a file."""

from __future__ import annotations

from html import escape

from .exports import exports
from .markup import button, panel, said
from .session import Session
from .strings import say

__all__ = ["conversations_panel"]

_WORDS = ("rename", "delete", "delete_sure", "delete_all_sure", "new_name", "nothing_kept", "storage_full")


def conversations_panel(session: Session) -> str:
    """The list, which ``memory.js`` fills in because only the browser has it; here are its words."""
    language = session.language
    words = "".join(f' data-{word.replace("_", "-")}="{said(language, word)}"' for word in _WORDS)
    files = "".join(
        f'<li><a download="{escape(file.name)}" href="{file.address}">{escape(file.label)}</a></li>'
        for file in exports(session.id, session.exchanges, language)
    )
    export = (
        f'<section class="export"><h3>{said(language, "export")}</h3><p>{said(language, "export_how")}</p>'
        f"<ul>{files}</ul></section>"
        if files
        else ""
    )
    return panel(
        session,
        said(language, "conversations"),
        f"""{export}<section class="kept"><h3>{said(language, "kept")}</h3><p>{said(language, "kept_how")}</p>
<div id="kept" role="status"></div><ul class="kept-list"{words}></ul>
<p>{button(say(language, "delete_all"), "forget-all", css="quiet")}</p></section>""",
    )
