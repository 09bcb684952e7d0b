"""Every word of the page's own, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assistant.wording import Language

__all__ = ["LANGUAGES", "number", "preferred_language", "say"]

# By what a browser may send.
LANGUAGES: Final[Mapping[str, Language]] = {"id": "id", "en": "en"}
_BY_TAG: Final[Mapping[str, Language]] = {"id": "id", "in": "id", "ms": "id", "en": "en"}

_STRINGS: Final[Mapping[str, tuple[str, str]]] = {
    "tagline": ("Jawaban dari berita, kalimat demi kalimat", "Answers from the news, sentence by sentence"),
    "skip": ("Langsung ke kotak pertanyaan", "Skip to the question box"),
    "menu": ("Menu", "Menu"),
    "library": ("Pustaka", "Library"),
    "conversations": ("Percakapan", "Conversations"),
    "preferences": ("Setelan", "Settings"),
    "precision": ("Ketelitian", "Precision"),
    "precision_usual": ("Biasa", "Usual"),
    "precision_usual_how": ("Menjawab bila buktinya cukup.", "Answers when the evidence is sufficient."),
    "precision_careful": ("Teliti", "Careful"),
    "precision_careful_how": (
        "Menolak lebih sering, tetapi lebih jarang salah.",
        "Refuses more often, and is wrong less often.",
    ),
    "length": ("Panjang jawaban", "Length of answers"),
    "length_full": ("Lengkap", "Full"),
    "length_full_how": ("Dengan semua kutipan.", "With every quotation."),
    "length_brief": ("Ringkas", "Brief"),
    "length_brief_how": ("Hanya kutipan pertama.", "The first quotation only."),
    "answers_by": ("Yang menjawab", "Answered by"),
    "answers_by_model": ("Model bahasa", "Language model"),
    "answers_by_model_how": (
        "Menulis jawaban, dan setiap pernyataannya diperiksa.",
        "Writes the answer, and every statement of it is checked.",
    ),
    "answers_by_reader": ("Pembaca bawaan", "Built-in reader"),
    "answers_by_reader_how": (
        "Mengutip saja; tidak ada yang dikirim ke luar.",
        "Quotes only; nothing is sent elsewhere.",
    ),
    "reader": ("Pembaca bawaan", "Built-in reader"),
    "state": ("Keadaan", "State"),
    "state_model": ("Yang menjawab", "Answered by"),
    "state_articles": ("Artikel", "Articles"),
    "state_passages": ("Bagian teks", "Passages"),
    "state_period": ("Rentang terbit", "Published"),
    "state_updated": ("Terakhir diperbarui", "Last updated"),
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
    "correct": ("Perbaiki", "Correct this"),
    "search_again": ("Cari lagi", "Search again"),
    "crowded": (
        "Terlalu banyak pertanyaan sedang menunggu. Tunggu sebentar, lalu pilih “Ulangi”.",
        "Too many questions are waiting. Wait a moment, then choose “Retry”.",
    ),
    "stopped": ("Dihentikan.", "Stopped."),
    "copy": ("Salin", "Copy"),
    "copied": ("Tersalin", "Copied"),
    "retry": ("Ulangi", "Retry"),
    "edit": ("Ubah pertanyaan", "Edit question"),
    "undo": ("Hapus", "Remove"),
    "rate": ("Apakah jawaban ini membantu?", "Is this answer helpful?"),
    "helpful": ("Membantu", "Helpful"),
    "not_helpful": ("Tidak membantu", "Not helpful"),
    "stored": ("Penilaian Anda tersimpan.", "Your rating is stored."),
    "thanks": ("Terima kasih, penilaian Anda tersimpan.", "Thank you, your rating is stored."),
    "reason": ("Alasan", "Reason"),
    "reason_wrong": ("Jawabannya salah", "The answer is wrong"),
    "reason_unsupported": ("Kutipannya tidak mendukung", "The quotation does not support it"),
    "reason_incomplete": ("Jawabannya tidak lengkap", "The answer is incomplete"),
    "reason_missed": ("Ada dalam artikel, tetapi tidak ditemukan", "It is in the articles but was not found"),
    "reason_other": ("Alasan lain", "Another reason"),
    "comment": ("Keterangan (boleh kosong)", "Comment (optional)"),
    "send": ("Kirim", "Send"),
    "follow_ups": ("Tanyakan juga", "Ask next"),
    "sources": ("Sumber", "Sources"),
    "checks": ("Pemeriksaan pernyataan", "Statements checked"),
    "all_supported": ("Setiap pernyataan didukung kutipannya.", "Every statement is supported by its quotation."),
    "rest_supported": ("Pernyataan lainnya didukung kutipannya.", "The other statements are supported."),
    "supported": ("Didukung", "Supported"),
    "partly": ("Didukung sebagian", "Partly supported"),
    "unsupported": ("Tidak didukung", "Not supported"),
    "disagreement": ("Sumber-sumber ini berbeda", "These sources differ"),
    "disagreement_how": (
        "Yang terbaru di depan. Bandingkan sebelum memakainya.",
        "The newest comes first. Compare them before you rely on one.",
    ),
    "usage": ("{model} · {tokens} token · {seconds} detik", "{model} · {tokens} tokens · {seconds} seconds"),
    "undated": ("tanpa tanggal", "undated"),
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
    "only_quotation": (
        "Artikel ini tidak lagi ada dalam indeks; hanya kutipannya yang tersimpan.",
        "This article is no longer in the index; only its quotation is kept.",
    ),
    "kept": ("Tersimpan di peramban ini", "Kept in this browser"),
    "kept_how": (
        "Percakapan hanya ada di peramban ini, tidak di peladen.",
        "Conversations are in this browser only, not on the server.",
    ),
    "rename": ("Ganti nama", "Rename"),
    "new_name": ("Nama percakapan", "Name of the conversation"),
    "delete": ("Hapus", "Delete"),
    "delete_sure": ("Hapus percakapan ini?", "Delete this conversation?"),
    "delete_all": ("Hapus semua percakapan", "Delete all conversations"),
    "delete_all_sure": ("Hapus semua percakapan di peramban ini?", "Delete all conversations in this browser?"),
    "nothing_kept": ("Belum ada percakapan.", "No conversations yet."),
    "storage_full": (
        "Penyimpanan peramban penuh: hapus percakapan lama agar yang baru dapat disimpan.",
        "The browser's storage is full: delete old conversations so that new ones can be kept.",
    ),
    "not_restored": (
        "Percakapan yang tersimpan tidak dapat dibaca lagi.",
        "The kept conversation can no longer be read.",
    ),
    "export": ("Unduh percakapan ini", "Download this conversation"),
    "export_how": (
        "Dengan kutipan, sumber, dan tanggalnya, seperti saat dijawab.",
        "With its quotations, sources and dates, as they were when it was answered.",
    ),
    "limit": ("Batasi pertanyaan dan daftar pada", "Limit questions and list to"),
    "since": ("Sejak", "Since"),
    "until": ("Sampai", "Until"),
    "publisher": ("Penerbit", "Publisher"),
    "any_publisher": ("Semua penerbit", "All publishers"),
    "topic": ("Topik", "Topic"),
    "any_topic": ("Semua topik", "All topics"),
    "apply": ("Terapkan", "Apply"),
    "remove_limit": ("Hapus batasan: {limit}", "Remove limit: {limit}"),
    "limited_to": ("Dibatasi pada", "Limited to"),
    "since_day": ("sejak {day}", "since {day}"),
    "until_day": ("sampai {day}", "until {day}"),
    "articles_listed": ("{articles} artikel", "{articles} articles"),
    "articles_latest": (
        "{articles} artikel terbaru; cari atau batasi untuk melihat yang lain",
        "The latest {articles} articles; search or limit the list to see others",
    ),
    "none_match": ("Tidak ada artikel dalam batasan ini.", "No article lies within these limits."),
    "bad_day": (
        "Tanggal harus berbentuk TTTT-BB-HH, dan “sejak” tidak boleh sesudah “sampai”.",
        "Days are written YYYY-MM-DD, and “since” must not be later than “until”.",
    ),
    "empty_title": ("Belum ada artikel", "No articles yet"),
    "empty_how": (
        "Tambahkan berkas (teks, Markdown, HTML, JSON, CSV, PDF, DOCX) dari Pustaka di halaman ini, atau folder dari"
        " baris perintah:",
        "Add files (text, Markdown, HTML, JSON, CSV, PDF, DOCX) from the library of this page, or folders from the"
        " command line:",
    ),
    "empty_asked": (
        "Belum ada artikel untuk menjawabnya. Tambahkan artikel dari Pustaka, lalu pilih “Ulangi”.",
        "There are no articles yet to answer this from. Add some from the library, then choose “Retry”.",
    ),
    "empty_read_only": (
        "Halaman ini hanya untuk bertanya. Pengelolanya belum menambahkan artikel.",
        "This page is for asking only. Whoever runs it has not added articles yet.",
    ),
    "open_library": ("Buka Pustaka", "Open the library"),
    "empty_folder": ("folder-artikel", "folder-of-articles"),
    "seed": ("Pakai {articles} artikel contoh", "Use the {articles} sample articles"),
    "report_added": ("{articles} artikel ditambahkan.", "{articles} articles added."),
    "report_updated": ("{articles} artikel diperbarui.", "{articles} articles updated."),
    "report_unchanged": ("{articles} artikel sudah ada.", "{articles} articles were there already."),
    "report_failed": ("{articles} gagal dibaca:", "{articles} could not be read:"),
    "add": ("Tambah artikel", "Add articles"),
    "add_files": ("Tambah berkas…", "Add files…"),
    "drop_files": ("atau jatuhkan di sini", "or drop them here"),
    "add_url": ("Alamat web artikel atau umpan RSS", "Web address of an article or RSS feed"),
    "add_url_go": ("Ambil", "Fetch"),
    "uploading": ("Mengunggah…", "Uploading…"),
    "reading": ("Membaca artikel: {done} dari {total}", "Reading articles: {done} of {total}"),
    "fetching": ("Mengambil dari web: {done} artikel", "Fetching from the web: {done} articles"),
    "too_many": (
        "Paling banyak {count} berkas sekaligus. Pilih lebih sedikit.",
        "At most {count} files at a time. Choose fewer.",
    ),
    "too_large": (
        "“{name}” lebih besar dari {size} MB. Bagi berkas itu, atau pakai tanya add.",
        "“{name}” is larger than {size} MB. Split it, or use tanya add.",
    ),
    "find": ("Cari dalam pustaka", "Search the library"),
    "find_go": ("Cari", "Search"),
    "articles_found": ("{articles} artikel terdekat", "The {articles} nearest articles"),
    "timeline": (
        "Jumlah artikel dari {first} sampai {last}; terbanyak {most}",
        "Number of articles from {first} to {last}; most in {most}",
    ),
    "remove": ("Hapus dari pustaka…", "Remove from the library…"),
    "remove_how": (
        "Artikel ini tidak akan dipakai lagi untuk menjawab. Berkas asalnya tidak disentuh.",
        "This article will no longer be used for answers. Its original file is left alone.",
    ),
    "remove_sure": ("Ya, hapus artikel ini", "Yes, remove this article"),
    "removed": ("“{title}” dihapus dari pustaka.", "“{title}” was removed from the library."),
    "too_often": (
        "Terlalu banyak pertanyaan dalam semenit. Tunggu {seconds} detik, lalu pilih “Ulangi”.",
        "Too many questions within a minute. Wait {seconds} seconds, then choose “Retry”.",
    ),
    "also_in": ("Teks yang sama juga dimuat di", "The same text also appeared in"),
    "updated": ("diperbarui {day}", "updated {day}"),
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


def preferred_language(accepted: str) -> Language:
    """The language of the page that a browser likes best, by its ``Accept-Language``; Indonesian if it likes neither.

    Malay is read as Indonesian: its readers understand that better than English.
    """
    best: tuple[float, Language] = (0.0, "id")
    for entry in accepted.split(","):
        tag, _, quality = entry.strip().partition(";q=")
        language = _BY_TAG.get(tag.partition("-")[0].lower())
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if language is not None and weight > best[0]:
            best = (weight, language)
    return best[1]
