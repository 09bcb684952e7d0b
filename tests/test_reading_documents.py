import io
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from index.reading import _documents, read_articles
from index.types import Article, Failure

LINES = [
    "Museum Mulawarman Dibuka Lagi",
    "Pewarta: Budi Santoso",
    "Museum di Tenggarong itu dibuka lagi untuk umum setelah dipugar sela-",
    "ma dua tahun. Sebagian ruang pameran masih ditutup bagi anak-",
    "anak sampai akhir bulan, kata pengelola museum tersebut.",
    "Harga tiket masuk tidak berubah dan sama se-",
    "Indonesia, Senin. Pengunjung dapat membelinya di pintu",
    "masuk atau lewat aplikasi.",
]
TEXT = (
    "Museum di Tenggarong itu dibuka lagi untuk umum setelah dipugar selama dua tahun. Sebagian ruang pameran masih "
    "ditutup bagi anak-anak sampai akhir bulan, kata pengelola museum tersebut.\n\n"
    "Harga tiket masuk tidak berubah dan sama se-Indonesia, Senin. "
    "Pengunjung dapat membelinya di pintu masuk atau lewat aplikasi."
)


def pdf(*pages):
    """A PDF by hand: one text object a page, in Helvetica."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        content = "BT /F1 11 Tf 14 TL 50 780 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()


def rewritten(data, *, password=None, owner=None, **properties):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_metadata({f"/{name}": value for name, value in properties.items()})
    if password is not None:
        writer.encrypt(password, owner, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def read(path, data):
    path.write_bytes(data)
    (only,) = read_articles(path)
    return only


def test_pdf_lines_become_paragraphs(tmp_path):
    article = read(tmp_path / "a.pdf", pdf(LINES, ["Halaman kedua lengkap.", "- 2 -"]))
    assert article.title == "Museum Mulawarman Dibuka Lagi"
    assert article.author == "Budi Santoso"
    assert article.text == f"{TEXT}\n\nHalaman kedua lengkap."
    assert article.published is None


def test_pdf_properties_are_believed_where_the_page_agrees(tmp_path):
    article = read(
        tmp_path / "a.pdf", rewritten(pdf(LINES), Title="Microsoft Word - draf3", Author="ASUS", CreationDate="D:2024")
    )
    assert (article.title, article.author) == ("Museum Mulawarman Dibuka Lagi", "Budi Santoso")
    article = read(tmp_path / "a.pdf", rewritten(pdf(LINES[2:]), Title="MUSEUM DI TENGGARONG"))
    assert article.title == "MUSEUM DI TENGGARONG"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "broken"),
        (b"Ini bukan PDF.", "broken"),
        (pdf(LINES)[:300], ""),
        (pdf([]), "OCR"),
        (rewritten(pdf(LINES), password="rahasia"), "password"),
    ],
)
def test_bad_pdfs(tmp_path, data, word, capfd):
    failure = read(tmp_path / "a.pdf", data)
    assert isinstance(failure, Failure)
    assert word in failure.reason
    assert capfd.readouterr() == ("", "")


def test_a_pdf_locked_only_against_printing_is_read(tmp_path):
    assert read(tmp_path / "a.pdf", rewritten(pdf(LINES), password="", owner="pemilik")).text == TEXT


def word(build):
    document = docx.Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def article_document(document):
    document.core_properties.author = "python-docx"
    document.add_paragraph("Museum Dibuka Lagi", style="Title")
    document.add_paragraph("Senin, 7 Oktober 2024")
    document.add_paragraph("Museum itu dibuka lagi.")
    table = document.add_table(rows=3, cols=2)
    table.rows[2].cells[0].merge(table.rows[2].cells[1]).text = "Libur"
    for row, words in zip(list(table.rows)[:2], (("Hari", "Jam"), ("09.00", "09.00")), strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.add_paragraph("Tiket dijual di pintu.")


def test_docx(tmp_path):
    article = read(tmp_path / "a.docx", word(article_document))
    assert article.title == "Museum Dibuka Lagi"
    assert article.text == "Museum itu dibuka lagi.\n\nHari | Jam\n\n09.00 | 09.00\n\nLibur\n\nTiket dijual di pintu."
    assert (str(article.published), article.author) == ("2024-10-07", None)


def archive_of(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: b"", "empty"),
        (lambda: b"Ini bukan DOCX.", "broken"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + b"x", "old Word"),
        (lambda: archive_of(a="b"), "broken"),
        (lambda: word(article_document)[:2000], "broken"),
        (lambda: word(lambda document: None), "no text"),
    ],
)
def test_bad_docx(tmp_path, make, word):
    failure = read(tmp_path / "a.docx", make())
    assert isinstance(failure, Failure)
    assert word in failure.reason


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(_documents, "_MAX_UNPACKED", 10_000_000)
    stream = io.BytesIO(word(article_document))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/nol.bin", bytes(11_000_000))
    assert "unpacks to" in read(tmp_path / "a.docx", stream.getvalue()).reason


WHOLE = {".pdf": pdf(LINES), ".docx": word(article_document)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.data())
@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_damaged_documents_give_articles_or_failures(tmp_path, suffix, data):
    whole = WHOLE[suffix]
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = read(tmp_path / f"a{suffix}", bytes(damaged))
    assert isinstance(found, Article | Failure)
