"""What text looks like in an article, whatever it was read from: offsets point into this form ever after."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "one_line", "opening"]

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028]")
_BLANK = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile(  # control characters, soft hyphens, zero-width spaces, and marks that turn the line
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_TITLE_LENGTH = 120  # characters


def clean(text: str) -> str:
    """``text`` in NFC with "\\n" line ends, single plain spaces, and at most one blank line in a row.

    Control characters, invisible marks and marks that turn the direction of writing are taken out (what is shown must
    be what is stored), half surrogates become U+FFFD so that the text can be encoded. ``clean(clean(x)) == clean(x)``.
    """
    text = _LINE_BREAK.sub("\n", text.replace("\u2029", "\n\n"))
    text = _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))
    text = unicodedata.normalize("NFC", _BLANK.sub(" ", text))
    return _MANY_BREAKS.sub("\n\n", "\n".join(map(str.strip, text.split("\n")))).strip()


def one_line(text: str) -> str:
    """``text`` cleaned, on one line: for titles and names."""
    return " ".join(clean(text).split())


def opening(text: str) -> str:
    """A title for an article that has none: its first sentence, cut at a word with "…" where it is long."""
    from index.sentences import sentence_spans

    start, end = sentence_spans(text.partition("\n\n")[0][:2000])[0]
    sentence = one_line(text[start:end])
    if len(sentence) <= _TITLE_LENGTH:
        return sentence.removesuffix(".") or sentence
    cut = sentence[: _TITLE_LENGTH - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-–—") + "…"
