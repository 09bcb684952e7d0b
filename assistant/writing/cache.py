"""Replies on disk: the same question over the same sentences, to the same model with the same prompt, is free."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .sources import Sources

__all__ = ["ReplyCache"]

_PLACE = re.compile(r"\[#(\d+)\]")
_NO_PLACE: Final = "[]"


class ReplyCache:
    """One small JSON file for each reply. Processes may share the folder; deleting it empties the cache.

    What is kept is the model's reply with the places of sentences for their ids, which change with each question. It is
    verified again whenever it is used, so a better verification is never bypassed.

    Args:
        folder: made when the first reply is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(question: str, sources: Sources, model: str, prompt: str) -> str:
        """Names what a reply depends on: question, sentences by article and offset, model, version of the prompt."""
        parts = json.dumps([question, sources.places, model, prompt], ensure_ascii=False)
        return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def get(self, key: str, sources: Sources) -> str | None:
        """The reply with the ids of ``sources``; ``None`` where there is none, or what is there cannot be read."""
        try:
            reply = json.loads(self._path(key).read_text(encoding="utf-8"))["reply"]
        except (OSError, ValueError, KeyError, TypeError):  # a damaged entry is as good as none, and is written anew
            return None
        names = [sentence.id for sentence in sources.sentences]

        def name(match: re.Match[str]) -> str:
            place = int(match[1])
            return f"[{names[place]}]" if place < len(names) else _NO_PLACE

        return _PLACE.sub(name, reply) if isinstance(reply, str) else None

    def put(self, key: str, reply: str, sources: Sources) -> None:
        """Keeps a reply.."""
        places: Mapping[str, int] = {sentence.id: place for place, sentence in enumerate(sources.sentences)}
        ids = re.compile("|".join(map(re.escape, places)) or r"(?!)")
        # Whole ids inside brackets only: "[k4w7, b2c3]" becomes "[#0][#1]".
        kept = re.sub(
            r"\[([^\[\]\n]{1,120})\]",
            lambda match: "".join(f"[#{places[name]}]" for name in ids.findall(match[1])) or match.group(),
            _PLACE.sub(_NO_PLACE, reply),
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"reply": kept}, file, ensure_ascii=False)
        Path(temporary).replace(self._path(key))  # whole or not at all, whoever reads meanwhile

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
