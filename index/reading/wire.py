"""Wire copy: what agencies put around an article, told apart from the article.

Datelines ("Samarinda (ANTARA) - "), bylines and credits ("Pewarta: ...", "Editor : ..."), date lines, copyright lines
and link lines ("Baca juga: ...") become metadata or go; the rest is the body. Only the outermost lines are looked at:
"Reporter: ..." inside an interview is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.reading.dates import parse_date

__all__ = ["WireCopy", "is_agency", "read_wire", "strip_wire"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCopy:
    """The body, and what the lines around it say. Fields as in Article."""

    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    editor: str | None = None
    published: date | None = None
    updated: date | None = None
    topics: tuple[str, ...] = ()


_LABELS = {
    **dict.fromkeys(
        ("pewarta", "reporter", "penulis", "wartawan", "jurnalis", "kontributor", "oleh", "author", "by"), "author"
    ),
    **dict.fromkeys(("editor", "redaktur", "redaktur pelaksana", "penyunting"), "editor"),
    **dict.fromkeys(("sumber", "source", "penerbit", "publisher"), "publisher"),
    **dict.fromkeys(("tag", "tags", "topik", "kata kunci", "keywords"), "topics"),
    **dict.fromkeys(("tautan", "url", "link"), "url"),
    **dict.fromkeys(("judul", "title"), "title"),
    **dict.fromkeys(
        ("tanggal", "diterbitkan", "dipublikasikan", "terbit", "tayang", "diunggah", "published", "posted", "date"),
        "published",
    ),
    **dict.fromkeys(("diperbarui", "pembaruan", "update", "updated", "last updated"), "updated"),
    **dict.fromkeys(("uploader", "pengunggah", "penerjemah", "translator", "fotografer", "foto", "videografer"), ""),
}
_NAMES = frozenset(("author", "editor", ""))
_NEWSROOMS = (  # as _squash writes them; others are recognised by a site's address, or as the article's own publisher
    *("antara", "antaranews", "cnnindonesia", "cnbcindonesia", "bbcindonesia", "bbcnewsindonesia", "voaindonesia"),
    *(
        "dwindonesia",
        "kompas",
        "tempo",
        "republika",
        "mediaindonesia",
        "bisnisindonesia",
        "detik",
        "detikcom",
        "detiknews",
    ),
    *(
        "kumparan",
        "viva",
        "okezone",
        "inews",
        "liputan6",
        "merdeka",
        "sindonews",
        "poskota",
        "jawapos",
        "pikiranrakyat",
    ),
    *("kaltimpost", "suaramerdeka", "rri", "tvri", "beritasatu", "katadata", "tirto", "idntimes", "reuters", "afp"),
    *("xinhua", "bernama", "kyodo", "anadolu"),
)
_AGENCIES = ("antara", "lkbnantara", "reuters", "afp", "xinhua", "bernama", "kyodo", "anadolu", "associatedpress")
_NEWSROOM = re.compile(
    r"(?i:\S+\.(?:com|co\.id|co|id|net|org|tv|news))|.+ (?i:news)"
    r"|(?:ANTARA|Antara ?News|antaranews|[Tt]ribun\S+|TRIBUN\S+)(?: [A-Z]\S*){0,3}"
)
_LABEL = re.compile(
    rf"(?:^|(?<=[\s|/,;]))({'|'.join(sorted(_LABELS, key=len, reverse=True))})(?: pada| on)?\s?:\s*", re.IGNORECASE
)
_BYLINE = re.compile(r"(?:oleh|by) (?=\S)", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:copyright|hak cipta|©|\(c\) ?(?=\d{4}))", re.IGNORECASE)
_NOT_THE_OWNER = re.compile(
    r"copyright|hak cipta(?: dilindungi(?: undang-undang)?)?|©|\(c\)|\b(?:1[89]|20)\d\d\b(?:\s?[-–]\s?\d{4})?"
    r"|all rights? reserved|dilindungi undang-undang",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"(?:baca|simak|lihat|tonton)(?: juga)? ?:.*|dilarang (?:keras )?(?:mengambil|mengutip|menyalin|memperbanyak).*"
    r"|[(\[][\w.]{0,12}(?:\s?[/-]\s?[\w.]{1,12}){0,3}[)\]]",  # the last: the newsroom's initials, "(abc/xyz)"
    re.IGNORECASE,
)
# Lines that stand between the paragraphs of a page: links to other articles, advertisements, invitations to subscribe.
_LINK_LINE = re.compile(
    r"(?:\| ?)?(?:baca|simak|lihat|tonton) juga(?: \w+)? ?:.*|pilihan (?:editor|redaksi) ?:.*|\[gambas ?:.*\]"
    r"|iklan|advertisement|scroll (?:to continue|untuk melanjutkan|ke bawah untuk melanjutkan)[\w ]*"
    r"|halaman:? \d+ dari \d+|artikel ini (?:telah|sudah) (?:tayang|terbit)[\w ]* di .*"
    r"|(?:ikuti|dapatkan|simak|baca|cek|gabung)\b(?=.*\b(?:berita|news|artikel|kabar|update)\b).*"
    r"(?:google news|(?:saluran|channel|grup)[\w .]* whatsapp|whatsapp channel|telegram|ponselmu|saluran kami).*",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"([A-Z][^\n]{2,80}?)(?:(?<=\))\s*|\s+)(?:(?:-{1,3}|–|—)\s+)+")
_PLACE_ALONE = re.compile(
    r"[A-Z][\w .]{2,40} [-–—]{1,2}\n+"
)  # what is left of one whose text is a paragraph of its own
_PARTICLES = frozenset(("dan", "and", "bin", "binti", "van", "von", "de", "da", "al", "el"))
_LONGEST_LINE = 200  # characters; longer lines are text
_HEAD = 16  # lines, blank ones included; how far down a heading and its byline reach


def read_wire(text: str, *, publisher: str | None = None, title: str = "", headline: bool = False) -> WireCopy:
    """``text`` (in normal form) without what the wire put around it, and what that said.

    Args:
        text: the article.
        publisher: the publisher if it is known already; a dateline or line that names it is then recognised.
        title: the title if it is known already; a first line that repeats it is dropped.
        headline: whether a short first line may be the title.
    """
    lines = text.split("\n")
    end, foot = _read_foot(lines, publisher)
    start, head = _read_head(lines[:end], publisher, title, headline)
    found = {**head, **foot} if "published" not in head else {**head, **foot, "published": head["published"]}
    body, newsroom = _without_dateline(_without_links(lines[start:end]), publisher or found.get("publisher"))
    if newsroom:
        found.setdefault("publisher", newsroom)
    return WireCopy(text=body, **found)


def strip_wire(text: str) -> str:
    """A text, or a passage out of one, without the dateline it begins with and the link lines in it."""
    return _without_dateline(_without_links(text.split("\n")), None)[0]


def is_agency(name: str) -> bool:
    """Whether ``name`` is that of a news agency, whose copy other newsrooms carry ("ANTARA Kaltim", "Reuters")."""
    return _squash(name).startswith(_AGENCIES)


def _read_foot(lines: list[str], publisher: str | None) -> tuple[int, dict[str, Any]]:
    """Reads metadata lines from the end up: the number of lines before them, and what they say.

    The upper line wins, but for the publisher: a copyright line names it in full, "Sumber: ..." above it may not.
    """
    found: dict[str, Any] = {}
    end = len(lines)
    while end:
        line = lines[end - 1]
        said = {} if not line or _matches(_BOILERPLATE, line) else _read_line(line, publisher)
        if said is None:
            break
        found = {**found, **said, **({"publisher": found["publisher"]} if "publisher" in found else {})}
        end -= 1
    return end, found


def _read_head(lines: list[str], publisher: str | None, title: str, headline: bool) -> tuple[int, dict[str, Any]]:
    """Reads a headline and metadata lines from the top down: the index of the body's first line, and what they say."""
    found: dict[str, Any] = {}
    for index, line in enumerate(lines[:_HEAD]):
        if not line or (title and line.casefold() == title.casefold()):
            continue
        said = _read_line(line, publisher)
        if said is None and headline and not title and "title" not in found and _is_headline(lines, index, publisher):
            said = {"title": line}
        if said is None:
            return index, found
        found = {**said, **found}
    return min(len(lines), _HEAD), found


def _read_line(line: str, publisher: str | None) -> dict[str, Any] | None:
    """What a metadata line says, as Article fields; None if the line is text."""
    if len(line) > _LONGEST_LINE:
        return None
    if _COPYRIGHT.match(line):
        owner = " ".join(_NOT_THE_OWNER.sub(" ", line).split()).strip(" .,;:-–—|")
        return {"publisher": owner} if owner else {}
    if moment := parse_date(line):
        return {"published": moment}
    if re.fullmatch(r"https?://\S+", line):
        return {"url": line}
    if byline := _BYLINE.match(line):
        name = line[byline.end() :].lstrip(": ")
        return {"author": name} if _is_name(name) else None
    if labelled := list(_labelled(line)):
        return _read_labels(labelled)
    return _read_pair(line, publisher)


def _labelled(line: str) -> Iterator[tuple[str, str]]:
    """ "Pewarta: A | Editor: B" -> ("author", "A"), ("editor", "B"); nothing if the line begins with no label."""
    matches = list(_LABEL.finditer(line))
    if not matches or matches[0].start() != 0:
        return
    ends = [match.start() for match in matches[1:]] + [len(line)]
    for match, end in zip(matches, ends, strict=True):
        yield _LABELS[match[1].lower()], line[match.end() : end].strip(" |/,;")


def _read_labels(labelled: list[tuple[str, str]]) -> dict[str, Any] | None:
    said: dict[str, Any] = {}
    for field, value in labelled:
        if not value:
            continue
        if field in _NAMES and not _is_name(value):
            return None
        if field in ("published", "updated"):
            moment = parse_date(value)
            if moment is None:
                return None
            said.setdefault(field, moment)
        elif field == "topics":
            said.setdefault(field, tuple(topic.strip(" #") for topic in re.split(r"[,;|]", value)))
        elif field in ("publisher", "url") and value.startswith(("http://", "https://")):
            said.setdefault("url", value)
        elif field == "publisher" and not _is_name(value):
            return None
        elif field:
            said.setdefault(field, value)
    return said


def _read_pair(line: str, publisher: str | None) -> dict[str, Any] | None:
    """ "KOMPAS.com - 07/10/2024, 13:05 WIB", "Ahmad Rifandi - detikNews"; None for anything else."""
    parts = re.split(r"\s+(?:[-–—|])\s+", line, maxsplit=1)
    if len(parts) != 2:
        return None
    for newsroom, other in (parts, parts[::-1]):
        if _is_newsroom(newsroom, publisher) and _is_name(newsroom):
            if moment := parse_date(other):
                return {"publisher": newsroom, "published": moment}
            if newsroom is parts[1] and _is_name(other) and len(other.split()) <= 4:
                return {"publisher": newsroom, "author": other}
    return None


def _without_links(lines: list[str]) -> str:
    kept = (line for line in lines if len(line) > _LONGEST_LINE or not _LINK_LINE.fullmatch(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _without_dateline(body: str, publisher: str | None) -> tuple[str, str | None]:
    """The body, and the newsroom that the dateline before it names."""
    if (dateline := _DATELINE.match(body)) and (newsroom := _dateline_newsroom(dateline[1], publisher)):
        return body[dateline.end() :].lstrip(), newsroom
    return _PLACE_ALONE.sub("", body, count=1) if _PLACE_ALONE.match(body) else body, None


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= 2 * _LONGEST_LINE and pattern.fullmatch(line) is not None


def _is_headline(lines: list[str], index: int, publisher: str | None) -> bool:
    """A short line that ends no sentence, set apart from longer text below; not the first line of wrapped text."""
    line = lines[index]
    below = [other for other in lines[index + 1 : index + 1 + _HEAD] if other]
    if not below or len(line) > 150 or not 2 <= len(line.split()) <= 25 or line[-1] in ".,:;-–—" or line[0].islower():
        return False
    if (dateline := _DATELINE.match(line)) and _dateline_newsroom(dateline[1], publisher):
        return False
    set_apart = not lines[index + 1] or len(below[0]) > 150 or _read_line(below[0], publisher) is not None
    return set_apart and max(map(len, below)) > len(line)


def _is_name(text: str) -> bool:
    """Whether ``text`` can be names of people or newsrooms: a few words with capitals, or one word."""
    words = re.split(r"[\s,/&;]+", text.strip(" ,/&;."))
    if not text.strip() or len(words) > 12 or re.search(r"[?!:\"“”]", text):
        return False
    return len(words) == 1 or all(not word[:1].islower() or word in _PARTICLES for word in words)


def _squash(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _is_newsroom(name: str, publisher: str | None) -> bool:
    """Whether ``name`` is a newsroom: a known one, a site's address, or the article's own publisher (in part)."""
    plain = _squash(name)
    own = _squash(publisher or "")
    return plain in _NEWSROOMS or bool(_NEWSROOM.fullmatch(name)) or (len(plain) > 2 and own.startswith(plain))


def _dateline_newsroom(head: str, publisher: str | None) -> str | None:
    """The newsroom that a dateline names, given what stands before its dash; None if it is no dateline.

    "Samarinda (ANTARA)", "Samarinda, 7/10 (ANTARA)", "JAKARTA, KOMPAS.com", "TEMPO.CO, Jakarta", "Suara.com". A head
    without a place counts only where the name cannot be a word: a site's address, or the article's own publisher.
    """
    parts = [part.strip() for part in re.split(r"[,()]", head) if part.strip()]
    newsrooms = [part for part in parts if _is_newsroom(part, publisher)]
    if len(newsrooms) != 1 or len(parts) > 4:
        return None
    newsroom = newsrooms[0]
    places = [part for part in parts if part != newsroom]
    if not places:
        return newsroom if "." in newsroom or _squash(newsroom) == _squash(publisher or "") else None
    return newsroom if all(_is_name(place) and len(place.split()) <= 5 for place in places) else None
