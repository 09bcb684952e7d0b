"""Text that speaks to the assistant instead of telling news. It is data: never shown to the model, never said by it.

This is the first of three fences, and the only one that guesses. Behind it stand the opaque ids, which no article can
know, and verification, which asks of every statement what an article says; both hold for text that no pattern knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from index.terms import analyse

__all__ = ["echoes", "speaks_to_the_assistant"]

_ECHO: Final = 0.7  # share of a statement's terms found in one forbidden text, from which it repeats that text
_FEW_TERMS: Final = 3  # statements with fewer terms say too little to be recognised by them

_ORDER: Final = r"\b(?:abaikan|lupakan|hiraukan|kesampingkan|batalkan|ignore|disregard|forget|override|bypass)\b"
_RULES: Final = (
    r"(?:instruksi|perintah|aturan|arahan|petunjuk|pedoman|konteks|prompt|instructions?|rules?|guidelines|directives?)"
)
_ALL: Final = r"(?:semua|seluruh|segala|apa pun|all|any|every|everything|your|the)"
_BEFORE: Final = (
    r"(?:sebelum\w*|di atas|tadi|awal|sistem|anda|kamu|lain(?:nya)?|yang diberikan|above|previous|prior|earlier|given)"
)
_SPEAKER: Final = (
    r"(?:asisten(?: ai| virtual| digital)?|assistants?|chat ?bots?|chatgpt|(?:large )?language models?|"
    r"model(?: bahasa)?|llms?|kecerdasan buatan|ai(?: models?| assistants?)?|mesin penjawab|sistem tanya jawab)"
)
_SAY: Final = (
    r"(?:jawab(?:lah)?|katakan(?:lah)?|tulis(?:lah|kan)?|balas(?:lah)?|tampilkan|sertakan|tambahkan|sebutkan|ucapkan|"
    r"cetak|ulangi|answer|say|reply|respond|write|output|print|include|append|repeat|reveal|display)"
)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Orders about orders
        rf"{_ORDER}.{{0,40}}\b{_RULES}(?:mu)?\b.{{0,30}}\b{_BEFORE}\b",
        rf"{_ORDER}.{{0,30}}\b(?:{_ALL}|{_BEFORE})\b.{{0,30}}\b{_RULES}\b",
        rf"{_ORDER}.{{0,20}}\b{_ALL}\b.{{0,20}}\b{_BEFORE}\b",
        rf"{_ORDER}.{{0,60}}\b(?:dan|lalu|kemudian|and|then)\b.{{0,10}}\b{_SAY}\b",
        r"\b(?:instruksi|perintah|aturan|arahan)\b (?:\w+ )?(?:baru|rahasia|sistem|tersembunyi)\b[^.]{0,30}:",
        r"\b(?:new|updated|system|developer|hidden|secret) (?:instructions?|prompts?|messages?)\b",
        r"\b(?:prompt|pesan) sistem\b|\bsystem ?prompt\b",
        # Speaking to whoever answers
        rf"(?:^|[.!?:(\[#*]\s*)(?:sebagai|untuk|kepada|wahai|hai|halo|dear|attention|note to|to|hey|as|"
        rf"perhatian|catatan untuk)\b[ ,:]+(?:the |an? |para |sebuah |semua |any |all )?{_SPEAKER}\b.{{0,40}}[:,]",
        rf"\b(?:anda|kamu|engkau|you) (?:sekarang |kini |adalah |are |now |must act as )+.{{0,30}}\b{_SPEAKER}\b",
        rf"\b{_SPEAKER} yang (?:membaca|merangkum|memproses|menjawab)\b|\bany {_SPEAKER} (?:reading|summari[sz]ing)\b",
        r"\b(?:bertindaklah|berperanlah|berpura-puralah|pretend|role-?play) (?:sebagai|seolah|as|to be|you)\b",
        # What to say, when and how
        rf"\b(?:jika|bila|kalau|apabila|setiap kali|if|when|whenever)\b.{{0,40}}\b(?:ditanya|ditanyai|pengguna|penanya|"
        rf"asked|the user|users? asks?)\b.{{0,80}}\b{_SAY}\b",
        rf"\b{_SAY}\b.{{0,60}}\b(?:kepada pengguna|kepada penanya|to the user|pada setiap (?:jawaban|pertanyaan))\b",
        rf"\b{_SAY}\b.{{0,30}}\b(?:kata demi kata|persis seperti ini|word for word|verbatim|exactly this|"
        r"hanya (?:kata|kalimat))\b",
        rf"\b{_SAY}\b.{{0,80}}\b(?:jawabanmu|jawaban anda|balasan anda|your (?:final )?(?:answer|reply|response))\b",
        r"\b(?:jawabanmu|jawaban anda|balasan anda|your (?:final )?(?:answer|reply|response|output))\b.{0,40}"
        r"\b(?:harus|wajib|hanya|adalah|must|should|has to|is|only)\b",
        r"\b(?:you must|you should|you will|kamu harus|kamu wajib|anda harus|anda wajib)\b.{0,40}"
        rf"\b(?:men(?:jawab|ulis|gutip|yertakan|ampilkan)|meng(?:atakan|ulangi)|{_SAY}|cite)\b",
        # The form of a prompt
        r"<<<|>>>|\[[a-z]\d[a-z]\d\]|\b(?:kutip|sitasi|cite)\w*\b.{0,30}\[",
        r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id|end_header_id|inst)\b",
        r"\[/?INST\]|<</?SYS>>|^\W*#{2,}\s*(?:system|instruction|assistant|user)\b",
        r"^\W*(?:system|assistant|user|developer|human|sistem|asisten)\s*:\s*\S",
        r"</?(?:artikel|article|sumber|source|passage|data|context|konteks|dokumen|document|pertanyaan|question)s?\b[^>]{0,80}>",
        r"\b(?:base64|rot13)\b.{0,60}\b(?:decode|dekode|uraikan|jalankan|follow|ikuti)\b",
        r"!\[[^\]]*\]\(|<\s*(?:script|img|iframe|svg|a|object|embed|style|form)\b|\b(?:javascript|data):\S",
    )
)


def speaks_to_the_assistant(text: str) -> bool:
    """Whether a sentence of an article reads like an order to whoever answers, or forges the form of a prompt."""
    return any(pattern.search(text) for pattern in _PATTERNS)


def echoes(statement: str, forbidden: Iterable[str]) -> bool:
    """Whether a statement mostly repeats one of the ``forbidden`` texts.

    Compared by stemmed terms: of the statement's distinct terms, at least ``_ECHO`` stand in that text.
    """
    terms = set(analyse(statement))
    if len(terms) < _FEW_TERMS:
        return any(statement.strip().strip(".!? ").casefold() in text.casefold() for text in forbidden)
    return any(len(terms & set(analyse(text))) >= _ECHO * len(terms) for text in forbidden)
