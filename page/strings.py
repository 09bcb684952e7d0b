"""Every word of the page's own, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assistant.wording import Language

__all__ = ["LANGUAGES", "number", "say"]

# By what a browser may send.
LANGUAGES: Final[Mapping[str, Language]] = {"id": "id", "en": "en"}

_STRINGS: Final[Mapping[str, tuple[str, str]]] = {
    "tagline": ("Jawaban dari berita, kalimat demi kalimat", "Answers from the news, sentence by sentence"),
    "skip": ("Langsung ke kotak pertanyaan", "Skip to the question box"),
    "library": ("Pustaka", "Library"),
    "theme": ("Ganti tampilan terang atau gelap", "Switch between light and dark"),
    "switch_language": ("Show this page in English", "Tampilkan halaman ini dalam bahasa Indonesia"),
    "conversation": ("Percakapan", "Conversation"),
    "welcome": ("Apa yang ingin Anda ketahui?", "What would you like to know?"),
    "promise": (
        "Setiap jawaban dikutip kata demi kata dari artikel yang bernama dan bertanggal. Pilih nomor di belakang"
        " kutipan untuk membaca artikelnya. Bila artikel tidak memuat jawabannya, itu yang dikatakan.",
        "Every answer is quoted word for word from a named, dated article. Choose the number behind a quotation to read"
        " the article. When the articles do not say, you are told so.",
    ),
    "examples": ("Misalnya", "For example"),
    "examples_wait": ("Memilih contoh dari artikel…", "Choosing examples from the articles…"),
    "question": ("Pertanyaan", "Question"),
    "placeholder": ("Tulis pertanyaan Anda…", "Write your question…"),
    "ask": ("Tanya", "Ask"),
    "stop": ("Hentikan", "Stop"),
    "clear": ("Percakapan baru", "New conversation"),
    "you_asked": ("Pertanyaan Anda", "Your question"),
    "answer": ("Jawaban", "Answer"),
    "searching": ("Mencari dalam {articles} artikel…", "Searching {articles} articles…"),
    "queued": ("Menunggu giliran: nomor # dalam antrean…", "Waiting: number # in the queue…"),
    "searched": ("Yang dicari:", "Searched for:"),
    "stopped": ("Dihentikan.", "Stopped."),
    "copy": ("Salin", "Copy"),
    "copied": ("Tersalin", "Copied"),
    "retry": ("Ulangi", "Retry"),
    "edit": ("Ubah pertanyaan", "Edit question"),
    "sources": ("Sumber", "Sources"),
    "nearest": ("Artikel terdekat", "Nearest articles"),
    "source": ("Sumber {number}", "Source {number}"),
    "article": ("Artikel", "Article"),
    "for_question": ("Dikutip untuk pertanyaan “{question}”", "Quoted for the question “{question}”"),
    "near_question": ("Paling dekat dengan pertanyaan “{question}”", "Nearest to the question “{question}”"),
    "close": ("Tutup", "Close"),
    "back": ("Kembali ke pustaka", "Back to the library"),
    "article_gone": (
        "Artikel ini tidak lagi ada dalam indeks. Tanyakan sekali lagi.",
        "This article is no longer in the index. Ask once more.",
    ),
    "limit": ("Batasi pertanyaan dan daftar pada", "Limit questions and list to"),
    "since": ("Sejak", "Since"),
    "until": ("Sampai", "Until"),
    "publisher": ("Penerbit", "Publisher"),
    "any_publisher": ("Semua penerbit", "All publishers"),
    "apply": ("Terapkan", "Apply"),
    "remove_limit": ("Hapus batasan: {limit}", "Remove limit: {limit}"),
    "limited_to": ("Dibatasi pada", "Limited to"),
    "since_day": ("sejak {day}", "since {day}"),
    "until_day": ("sampai {day}", "until {day}"),
    "articles_listed": ("{articles} artikel", "{articles} articles"),
    "articles_latest": ("{articles} artikel terbaru", "The latest {articles} articles"),
    "none_match": ("Tidak ada artikel dalam batasan ini.", "No article lies within these limits."),
    "bad_day": (
        "Tanggal harus berbentuk TTTT-BB-HH, dan “sejak” tidak boleh sesudah “sampai”.",
        "Days are written YYYY-MM-DD, and “since” must not be later than “until”.",
    ),
    "empty_title": ("Belum ada artikel", "No articles yet"),
    "empty_how": (
        "Tambahkan berkas atau folder (teks, Markdown, HTML, JSON, CSV, PDF, DOCX), lalu muat ulang halaman ini:",
        "Add files or folders (text, Markdown, HTML, JSON, CSV, PDF, DOCX), then reload this page:",
    ),
    "empty_folder": ("folder-artikel", "folder-of-articles"),
    "seed": ("Pakai {articles} artikel contoh", "Use the {articles} sample articles"),
    "seeding": ("Membaca artikel contoh…", "Reading the sample articles…"),
    "seeded": ("{articles} artikel ditambahkan.", "{articles} articles added."),
    "seed_failed": ("{articles} artikel gagal dibaca:", "{articles} articles could not be read:"),
    "problem": ("Pertanyaan ini tidak dapat dijawab sekarang.", "This question cannot be answered now."),
    "pieces": ("Kutipan", "Quotation"),
}


def say(language: Language, key: str, **values: str) -> str:
    """The page's words for ``key``. Plain text: escape it where it becomes HTML."""
    text = _STRINGS[key][0 if language == "id" else 1]
    return text.format(**values) if values else text


def number(value: int, language: Language) -> str:
    """``3.463`` in Indonesian, ``3,463`` in English."""
    return f"{value:,}".replace(",", ".") if language == "id" else f"{value:,}"
