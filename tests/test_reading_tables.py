import csv
import json
from datetime import date, datetime

import pytest

from index.reading import count_articles, read_articles
from index.reading.dates import WIB
from index.types import Article, Failure

BODY = "Panen padi di Karawang naik tahun ini. Petani senang."


def read(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_articles(path))


@pytest.mark.parametrize(
    "row",
    [
        {"judul": "Panen", "isi": BODY, "tanggal": "07/10/2024", "tautan": "https://w.example/1", "sumber": "Warta",
         "penulis": "Budi", "kategori": "ekonomi"},
        {"Title": "Panen", "Content": BODY, "Published_At": "2024-10-07", "URL": "https://w.example/1", "Source":
         "Warta", "Author": "Budi", "Category": "ekonomi"},
        {"headline": "Panen", "articleBody": BODY, "datePublished": "7 Oktober 2024", "mainEntityOfPage": {"@id": "https://w.example/1"},
         "publisher": {"name": "Warta"}, "author": [{"name": "Budi"}], "keywords": ["ekonomi"]},
        {"title": "Panen", "text": BODY, "date": "7 Okt 2024", "source": "https://w.example/1", "media": "Warta",
         "reporter": "Budi", "tags": "ekonomi"},
    ],
)  # fmt: skip
def test_the_usual_names(tmp_path, row):
    (article,) = read(tmp_path / "a.jsonl", json.dumps(row))
    assert (article.title, article.text, article.published) == ("Panen", BODY, date(2024, 10, 7))
    assert (article.url, article.author, article.topics) == ("https://w.example/1", "Budi", ("ekonomi",))
    assert article.publisher == "Warta"
    assert article.source == "https://w.example/1"


def test_paragraphs_sentences_and_words_are_joined(tmp_path):
    rows = [
        {"paragraphs": ["Satu. Dua.", "Tiga."]},
        {"paragraphs": [["Satu.", "Dua."], ["Tiga."]]},
        {"paragraphs": [[["Satu", "."], ["Dua", "."]], [["Tiga", "."]]]},
    ]
    found = read(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    assert [article.text for article in found] == ["Satu. Dua.\n\nTiga."] * 2 + ["Satu . Dua .\n\nTiga ."]
    assert found[0].title == "Satu"
    assert [article.source.rpartition("#")[2] for article in found] == ["1", "2", "3"]


def test_epoch_dates_and_days_in_addresses(tmp_path):
    rows = [
        {"text": BODY, "date": 1728281100},
        {"text": BODY, "date": "1728281100000"},
        {"text": BODY, "url": "https://w.example/ekonomi/2024/10/07/panen"},
        {"text": BODY, "url": "https://w.example/ekonomi/20241007130500-9-1/panen"},
        {"text": BODY, "id": "1728281100-panen", "url": "https://w.example/2024/99/07/panen"},
        {"text": BODY, "url": "javascript:alert(1)", "date": "entah"},
    ]
    found = read(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    moment = datetime(2024, 10, 7, 13, 5, tzinfo=WIB)
    assert [article.published for article in found] == [
        moment,
        moment,
        date(2024, 10, 7),
        date(2024, 10, 7),
        None,
        None,
    ]
    assert found[-1].url is None


def test_one_bad_line_is_one_failure(tmp_path):
    good = json.dumps({"judul": "Panen", "isi": BODY})
    lines = [
        good,
        "{rusak",
        "",
        "[1]",
        '{"judul": "tanpa isi"}',
        '{"isi": ""}',
        '{"isi": "\\ud800 ya."}',
        "[" * 100_000,
        "9" * 5000,
        good,
    ]
    found = read(tmp_path / "a.jsonl", "\n".join(lines))
    failures = [item for item in found if isinstance(item, Failure)]
    assert [failure.source.rpartition("#")[2] for failure in failures] == ["2", "4", "5", "6", "8", "9"]
    assert len(found) == 9
    assert "column 2" in failures[0].reason
    assert "judul" in failures[2].reason
    assert "nested" in failures[4].reason


def test_a_table_without_text_fails_once(tmp_path):
    (failure,) = read(tmp_path / "a.jsonl", '{"question": "apa?", "answer": "itu"}\n' * 100)
    assert failure.source == str(tmp_path / "a.jsonl")
    assert "question, answer" in failure.reason
    assert "isi" in failure.reason


def test_json_documents(tmp_path):
    row = {"judul": "Panen", "isi": BODY}
    (article,) = read(tmp_path / "a.json", json.dumps(row))
    assert article.source == str(tmp_path / "a.json")
    for document in ([row, row], {"status": "ok", "articles": [row, row]}):
        found = read(tmp_path / "a.json", json.dumps(document))
        assert [article.source for article in found] == [f"{tmp_path}/a.json#1", f"{tmp_path}/a.json#2"]
    found = read(tmp_path / "a.json", "\n".join([json.dumps(row)] * 3))  # JSONL under another name
    assert [type(item) for item in found] == [Article] * 3
    (found,) = read(tmp_path / "a.json", json.dumps(row).encode("utf-16"))
    assert found.text == BODY


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ('{"isi": "x"', "line 1"),
        ("[" * 100_000, "nested"),
        ('{"a": ' * 100_000, "nested"),
        ("42", "no field"),
        ('{"question": "x"}', "question"),
        ("[1]", "object"),
        ('[{"isi": "x"}, ' + "9" * 5000 + "]", "digits"),
    ],
)
def test_bad_json(tmp_path, data, word):
    found = read(tmp_path / "a.json", data)
    assert [type(item) for item in found] == [Failure]
    assert word in found[0].reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_dialects(tmp_path, delimiter, encoding, line_end):
    path = tmp_path / "a.csv"
    text = 'Kata "ya", lalu; pergi | ke kafé.\n\nParagraf – dua.'
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
        writer.writerows([["Judul", "Isi Berita", "Tanggal Terbit"], ["Satu", text, "7-10-2024"], ["Dua", text, ""]])
    first, second = read_articles(path)
    assert (first.title, first.text, first.published) == ("Satu", text, date(2024, 10, 7))
    assert (second.title, second.source) == ("Dua", f"{path}#2")


def test_csv_without_a_text_column_names_what_it_has_and_what_is_sought(tmp_path):
    (failure,) = read(tmp_path / "a.csv", "nama,umur\nBudi,30\n")
    assert "nama, umur" in failure.reason
    assert "isi" in failure.reason
    assert "content" in failure.reason


def test_broken_csv_rows_do_not_take_others_with_them(tmp_path):
    found = read(
        tmp_path / "a.csv",
        f'judul,isi\nSatu,"{BODY}"\nDua,"tidak ditutup\nTiga,{BODY}\nEmpat,terlalu,banyak\n'
        f'Lima\n\nEnam,"a "b" c"\nTujuh,{BODY},,\n',
    )
    assert [item.title for item in found if isinstance(item, Article)] == ["Satu", "Tiga", "Tujuh"]
    assert [type(item) for item in found] == [Article, Failure, Article, Failure, Failure, Failure, Article]
    assert "quotation" in found[1].reason


def test_huge_fields_and_rows(tmp_path):
    long = "Kalimat panjang. " * 20_000
    found = read(tmp_path / "a.csv", f"judul,isi\nSatu,{long}\nDua,{'x' * 10_000_001}\nTiga,{BODY}\n")
    assert [type(item) for item in found] == [Article, Failure, Article]
    assert len(found[0].text) == len(long) - 1
    assert "10 million" in found[1].reason
    row = json.dumps({"isi": "y" * 10_000_001})
    found = read(tmp_path / "a.jsonl", f'{{"isi": "Ada."}}\n{row}\n{{"isi": "Ada."}}')
    assert [type(item) for item in found] == [Article, Failure, Article]


def test_stray_bytes_in_a_streamed_table(tmp_path):
    filler = json.dumps({"isi": "Kafé buka. " * 100, "judul": "é"}, ensure_ascii=False).encode() + b"\n"
    data = filler * 300 + b'{"isi": "\x93Ya,\x94 kata kaf\xc3\xa9."}\n'
    *_, last = read(tmp_path / "a.jsonl", data)
    assert last.text == "“Ya,” kata kafé."


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json"])
@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02\x03" * 100, b"\xff\xfe\x00\x00"])
def test_empty_and_binary_tables(tmp_path, suffix, data):
    found = read(tmp_path / f"a{suffix}", data)
    assert [type(item) for item in found] == [Failure]


def test_counting(tmp_path):
    (tmp_path / "a.csv").write_text("judul,isi\na,b\nc,d")
    (tmp_path / "b.jsonl").write_text("{}\n{}\n")
    (tmp_path / "c.txt").write_text("x")
    (tmp_path / "d.png").write_text("x")
    assert count_articles(tmp_path) == 3 + 2 + 1
    assert count_articles(tmp_path / "b.jsonl") == 2
