from datetime import date, datetime

import pytest

from index.reading.dates import WIB
from index.reading.wire import read_wire

BODY = """Pemerintah Kota Samarinda mulai memperbaiki jembatan di Sungai Karang Mumus.

"Pekerjaan selesai bulan depan," kata Wali Kota."""


def test_credits_and_copyright_in_the_foot_become_metadata():
    copy = read_wire(
        f"{BODY}\n\nPewarta: Budi Santoso\n\nEditor : Sri Wahyuni\nUploader: Joko\n\nCOPYRIGHT © ANTARA News Papua 2024"
    )
    assert copy.text == BODY
    assert (copy.author, copy.editor, copy.publisher) == ("Budi Santoso", "Sri Wahyuni", "ANTARA News Papua")
    assert copy.published is None  # a copyright's year is no date of publication


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Copyright © 2024 KOMPAS.com. All rights reserved", "KOMPAS.com"),
        ("Hak Cipta © Harian Contoh 2020-2024", "Harian Contoh"),
        ("© 2023 Warta Nusa", "Warta Nusa"),
        ("(c) 2023 Warta Nusa", "Warta Nusa"),
        ("Copyright © 2024", None),
    ],
)
def test_copyright_lines(line, publisher):
    copy = read_wire(f"{BODY}\n\n{line}")
    assert (copy.text, copy.publisher) == (BODY, publisher)


@pytest.mark.parametrize(
    ("dateline", "publisher"),
    [
        ("Samarinda (ANTARA) - ", "ANTARA"),
        ("Magelang, Jawa Tengah (ANTARA News) – ", "ANTARA News"),
        ("Medan, 7/10 (ANTARA) -- ", "ANTARA"),
        ("JAKARTA, KOMPAS.com - ", "KOMPAS.com"),
        ("TEMPO.CO, Jakarta - ", "TEMPO.CO"),
        ("REPUBLIKA.CO.ID, JAKARTA -- ", "REPUBLIKA.CO.ID"),
        ("Banda Aceh, CNN Indonesia -- ", "CNN Indonesia"),
        ("Suara.com - ", "Suara.com"),
        ("Samarinda (ANTARA) - \n\n", "ANTARA"),
    ],
)
def test_datelines_name_the_publisher(dateline, publisher):
    copy = read_wire(dateline + BODY)
    assert (copy.text, copy.publisher) == (BODY, publisher)


@pytest.mark.parametrize(
    "opening",
    [
        "Joko Widodo (Jokowi) - Ma'ruf Amin memenangi pemilihan.",
        "Rudy Mas'ud - Seno Aji unggul di Samarinda.",
        "Bank Indonesia (BI) - dan pemerintah sepakat.",
        "Antara - kata itu - punya banyak arti.",
        "Kompas, Tempo - dua harian itu terbit pagi ini.",
        "Harga naik 3 - 5 persen, kata Reuters, Senin.",
        "Pemain yang dijuluki Merdeka, kata pelatih, - belum sembuh.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(opening):
    assert read_wire(f"{opening} {BODY}").text == f"{opening} {BODY}"


def test_a_dateline_with_the_known_publisher_is_recognised_and_the_known_name_kept_apart():
    assert read_wire(f"BOGOR (Warta Kita) - {BODY}", publisher="wartakita.example").text == BODY
    assert read_wire(f"BOGOR (Warta Kita) - {BODY}").text.startswith("BOGOR (Warta Kita)")


def test_the_copyright_line_names_the_publisher_in_full():
    copy = read_wire(f"Jayapura (ANTARA) - {BODY}\n\nSumber: Antara\nCOPYRIGHT © ANTARA News Papua 2024")
    assert copy.publisher == "ANTARA News Papua"


def test_heading_byline_and_date_line():
    copy = read_wire(
        f"Jembatan Karang Mumus Diperbaiki\n\nOleh: Budi Santoso\nSenin, 7 Oktober 2024 13:05 WIB\n\n{BODY}",
        headline=True,
    )
    assert copy.title == "Jembatan Karang Mumus Diperbaiki"
    assert copy.author == "Budi Santoso"
    assert copy.published == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)
    assert copy.text == BODY


def test_labelled_head():
    copy = read_wire(
        "Judul: Jembatan Diperbaiki\nTanggal: 7 Oktober 2024\nSumber: https://warta.example/1\n"
        f"Diperbarui: 8 Oktober 2024\nTag: jembatan, #Samarinda\n\n{BODY}"
    )
    assert (copy.title, copy.published, copy.updated) == ("Jembatan Diperbaiki", date(2024, 10, 7), date(2024, 10, 8))
    assert (copy.url, copy.topics, copy.text) == ("https://warta.example/1", ("jembatan", "Samarinda"), BODY)


def test_publisher_and_date_on_one_line():
    copy = read_wire(f"KOMPAS.com - 07/10/2024, 13:05 WIB\n\n{BODY}")
    assert (copy.publisher, copy.published) == ("KOMPAS.com", datetime(2024, 10, 7, 13, 5, tzinfo=WIB))
    copy = read_wire(f"Budi Santoso - detikNews\nSenin, 07 Okt 2024 13:05 WIB\n\n{BODY}")
    assert (copy.author, copy.publisher, copy.text) == ("Budi Santoso", "detikNews", BODY)


@pytest.mark.parametrize(
    "line", ["Pewarta: Budi Santoso | Editor: Sri Wahyuni", "Penulis: Budi Santoso, Editor: Sri Wahyuni"]
)
def test_several_credits_on_one_line(line):
    copy = read_wire(f"{BODY}\n\n{line}")
    assert (copy.author, copy.editor, copy.text) == ("Budi Santoso", "Sri Wahyuni", BODY)


@pytest.mark.parametrize(
    "line",
    [
        "Reporter: Apakah jembatan itu aman?",
        "Editor: kami sudah memeriksanya dua kali sejak kemarin.",
        "Tanggal: belum ditentukan",
        "Oleh karena itu warga diminta bersabar.",
        "Tagihan: Rp2 juta",
    ],
)
def test_text_with_a_label_stays_text(line):
    assert read_wire(f"{BODY}\n\n{line}").text == f"{BODY}\n\n{line}"
    assert read_wire(f"{line}\n\n{BODY}").text == f"{line}\n\n{BODY}"


def test_labels_inside_the_article_stay():
    text = f"{BODY}\n\nReporter: Budi Santoso\n\nWali Kota menjawab pertanyaan itu."
    assert read_wire(text).text == text


def test_link_lines_go_and_newsroom_initials_go():
    copy = read_wire(f"{BODY}\n\nBaca juga: Sungai Meluap\n\nWarga senang.\n\n(abc/xyz)")
    assert copy.text == f"{BODY}\n\nWarga senang."


@pytest.mark.parametrize(
    "text",
    [
        f"Ini kalimat pertama yang utuh.\n\n{BODY}",
        "Baris pertama dari teks yang dipotong di kolom\n"
        "enam puluh bersambung ke baris kedua yang mirip\npanjangnya. Selesai.",
        "Satu baris saja tanpa titik",
    ],
)
def test_what_is_no_headline_stays_in_the_text(text):
    copy = read_wire(text, headline=True)
    assert (copy.title, copy.text) == (None, text)


def test_a_repeated_title_is_dropped():
    assert read_wire(f"Jembatan Diperbaiki\n\n{BODY}", title="JEMBATAN DIPERBAIKI").text == BODY


@pytest.mark.parametrize("text", ["Pewarta: Budi", "Copyright © 2024 X\n\nEditor: Y", "7 Oktober 2024"])
def test_nothing_but_credits_leaves_no_text(text):
    assert read_wire(text).text == ""
