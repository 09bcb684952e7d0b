import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.reading import read_articles
from index.reading._text import clean, opening
from index.types import Article, Failure

SHARED = Path(__file__).parents[2] / "shared" / "seeds"
SEEDS = Path(__file__).parents[1] / "seeds"
FIRST = "Gubernur Kalimantan Timur meresmikan jalan baru di Kutai Kartanegara pada Senin pagi."
BODY = f"{FIRST}\n\n“Jalan ini dibangun dua tahun,” katanya – biayanya Rp40 miliar."


def read_one(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (only,) = read_articles(path)
    return only


def test_plain_text_without_a_title_takes_its_first_sentence(tmp_path):
    article = read_one(tmp_path / "a.txt", BODY)
    assert article.text == BODY
    assert article.title == FIRST.removesuffix(".")
    assert article.source == str(tmp_path / "a.txt")
    assert (article.published, article.publisher, article.url, article.language) == (None, None, None, None)


def test_wire_copy_file(tmp_path):
    article = read_one(
        tmp_path / "kawat.TXT",
        f"Samarinda (ANTARA) - {BODY}\n\u00a0\n\nPewarta: Budi Santoso\n\nEditor : Sri\n\n\n"
        "COPYRIGHT © ANTARA News Papua 2024",
    )
    assert (article.text, article.publisher, article.author, article.editor) == (
        BODY,
        "ANTARA News Papua",
        "Budi Santoso",
        "Sri",
    )
    assert article.published is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared wire article is not on this machine")
def test_the_shared_wire_article():
    (article,) = read_articles(SHARED)
    assert (article.publisher, article.author, article.editor) == (
        "ANTARA News Kalimantan Timur",
        "Ahmad Rifandi",
        "Rahmad",
    )
    assert article.published is None
    assert "Pewarta" not in article.text
    assert "COPYRIGHT" not in article.text
    assert article.text.endswith('" tutup Seno.')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("body", [BODY, FIRST + " Café “Hijau” tutup."])
def test_encodings(tmp_path, encoding, body):
    assert read_one(tmp_path / "a.txt", body.encode(encoding)).text == body


def test_one_stray_legacy_byte_does_not_spoil_utf8(tmp_path):
    data = ("é" * 2000 + " ").encode() * 100 + b"\x93Ya,\x94 katanya."
    assert read_one(tmp_path / "a.txt", data).text.endswith("“Ya,” katanya.")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "binary"),
        (bytes(range(1, 256)) * 20, "binary"),
        (b"PK\x03\x04" + bytes(500), "binary"),
        (b"Pewarta: Budi\nEditor: Sri\n", "credit"),
        (b"\x01\x02\x03\x04\x05", "binary"),
    ],
)
def test_files_that_hold_no_text(tmp_path, data, word):
    failure = read_one(tmp_path / "a.txt", data)
    assert isinstance(failure, Failure)
    assert failure.source == str(tmp_path / "a.txt")
    assert word in failure.reason


@pytest.mark.parametrize(("suffix", "limit"), [(".txt", 50), (".md", 50), (".json", 50), (".pdf", 50), (".html", 10)])
def test_too_large_for_one_document(tmp_path, suffix, limit):
    path = tmp_path / f"besar{suffix}"
    with path.open("wb") as file:
        file.truncate(limit * 1024 * 1024 + 1)
    (failure,) = read_articles(path)
    assert f"{limit} MB is the limit" in failure.reason


def test_front_matter(tmp_path):
    article = read_one(
        tmp_path / "a.md",
        "---\ntitle: 'Jalan: Resmi'\ndate: 2024-10-07\nauthor: Redaksi\npublisher: Warta Kita\nlanguage: id\n"
        "topics:\n- jalan\n- Kaltim\nlicense: CC-BY-4.0\nsources:\n- name: Situs\n  url: https://a.example/\n---\n\n"
        + BODY,
    )
    assert (article.title, article.published, article.author) == ("Jalan: Resmi", date(2024, 10, 7), "Redaksi")
    assert (article.publisher, article.language, article.topics) == ("Warta Kita", "id", ("jalan", "Kaltim"))
    assert (article.url, article.text) == (None, BODY)


def test_markdown_marks_go_and_the_heading_is_the_title(tmp_path):
    article = read_one(
        tmp_path / "a.md",
        "# Jalan Baru Dibuka\n\nJalan **baru** di [Kukar](https://a.example/x_(y)) *resmi* dibuka ![foto](a.png).\n\n"
        "## Biaya\n\n> Rp40\\* miliar, kata snake_case_nama dan 2 * 3 * 4.",
    )
    assert article.title == "Jalan Baru Dibuka"
    assert article.text == (
        "Jalan baru di Kukar resmi dibuka .\n\nBiaya\n\nRp40* miliar, kata snake_case_nama dan 2 * 3 * 4."
    )


@pytest.mark.parametrize(
    ("front", "word"),
    [
        ("title: a: b: c", "line 2"),
        ("title: [", "YAML"),
        ("hanya teks", "names"),
        ("title: !!python/object/apply:os.system ['true']", ""),
        ("a: " + "[" * 500, "nested"),
        ("x" * 70_000, "64 KB"),
    ],
)
def test_broken_front_matter_is_a_failure_and_dangerous_one_is_data(tmp_path, front, word):
    found = read_one(tmp_path / "a.md", f"---\n{front}\n---\n\n{BODY}")
    if word:
        assert isinstance(found, Failure)
        assert word in found.reason
    else:
        assert isinstance(found, Article)
        assert found.text == BODY


def test_impossible_dates_are_no_dates(tmp_path):
    assert read_one(tmp_path / "a.md", f"---\ntitle: T\ndate: 2024-02-31\n---\n{BODY}").published is None


def test_bundled_articles_are_read_whole():
    found = list(read_articles(SEEDS))
    assert len(found) == len(list(SEEDS.glob("*.md")))
    for article in found:
        assert isinstance(article, Article)
        assert article.published is not None
        assert article.topics
        assert article.text in Path(article.source).read_text()  # nothing in them looks like wire copy or markup


def test_clean():
    assert clean(" a\u00a0 b\t\r\nc\r\r\r\rd\u200b\x00 \u202eZ\ud800 ") == "a b\nc\n\nd Z\ufffd"
    assert clean("e\u0301") == "é"


@given(st.text(st.characters() | st.sampled_from("\r\n\t \u00a0\u200b\u2028\u2029\u0301\x00\ud800")))
def test_clean_text_stays_as_it_is(text):
    once = clean(text)
    assert clean(once) == once
    assert "\n\n\n" not in once
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once.replace("\n", ""))


@given(st.text(min_size=1).map(clean).filter(bool))
def test_an_opening_is_short_and_begins_the_text(text):
    title = opening(text)
    assert 0 < len(title) <= 120
    assert " ".join(text.split()).startswith(title.removesuffix("…"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=3000) | st.text(max_size=1000).map(lambda text: text.encode("utf-8", "surrogatepass")))
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ".jsonl", ".csv", ".pdf", ".docx"])
def test_any_bytes_give_articles_or_failures(tmp_path, suffix, data):
    path = tmp_path / f"apa-saja{suffix}"
    path.write_bytes(data)
    found = list(read_articles(path))
    for item in found:
        assert isinstance(item, Article | Failure)
        if isinstance(item, Article):
            assert clean(item.text) == item.text
            item.text.encode()
    assert found
