"""ZIP, WARC and Parquet, and columns by other names: many articles in one file, none of it trusted."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from index.errors import ReadError
from index.reading import count_articles, read_articles
from index.reading.dates import WIB
from index.types import Article, Failure
from tests.web import PARAGRAPHS, page

ROW = {"judul": "Nelayan Terima Bantuan", "isi": " ".join(PARAGRAPHS)}


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def told(path: Path, **more) -> dict[str, str]:
    """{source beyond the file's own path: title, or "! reason"}."""
    return {
        item.source.removeprefix(str(path)): item.title if isinstance(item, Article) else f"! {item.reason}"
        for item in read_articles(path, **more)
    }


# ---- ZIP


def test_a_zip_of_all_kinds(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": "x"}).read_bytes()
    path = zipped(
        tmp_path / "arsip.zip",
        {
            "2024/a.txt": "Judul Pertama\n\nHujan turun di Samarinda sejak pagi hari sampai malam.",
            "b.html": page("Judul Kedua"),
            "tabel.jsonl": json.dumps(ROW) + "\n" + json.dumps({**ROW, "judul": "Judul Ketiga"}),
            "foto.jpg": b"\xff\xd8",
            ".tersembunyi.txt": "x",
            "__MACOSX/a.txt": "x",
            "dalam.zip": inner,
        },
    )
    assert told(path) == {
        "/2024/a.txt": "Judul Pertama",
        "/b.html": "Judul Kedua",
        "/tabel.jsonl#1": "Nelayan Terima Bantuan",
        "/tabel.jsonl#2": "Judul Ketiga",
    }
    assert count_articles(path) >= 3


@pytest.mark.parametrize("name", ["../../luar.txt", "/etc/luar.txt", "a/../../luar.txt", "C:/luar.txt", "..\\luar.txt"])
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "dalam").mkdir()
    path = zipped(tmp_path / "dalam" / "x.zip", {name: "Hujan turun."})
    (failure,) = read_articles(path)
    assert isinstance(failure, Failure)
    assert "leads out" in failure.reason
    assert not list(tmp_path.rglob("luar.txt"))


def test_bombs(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bom.zip", {"a.txt": bytes(50_000_000), "b.txt": "Hujan turun di Samarinda."})
    (failure,) = read_articles(path)
    assert isinstance(failure, Failure)
    assert "far more" in failure.reason


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bohong.zip", {"a.txt": bytes(50_000_000)})
    data = path.read_bytes()
    path.write_bytes(data.replace((50_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    (failure,) = read_articles(path)
    assert isinstance(failure, Failure)


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading._archives._MOST_MEMBERS", 2)
    (failure,) = read_articles(zipped(tmp_path / "a.zip", {f"{n}.txt": "Isi." for n in range(3)}))
    assert isinstance(failure, Failure)
    assert "limit" in failure.reason


def test_a_password(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": "Hujan turun.", "b.txt": "Hujan reda di Samarinda."})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the first member's flags, in both places
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert "password" in told(path)["/a.txt"]
    assert told(path)["/b.txt"].startswith("Hujan reda")


@given(cut=st.integers(0, 2_000), noise=st.binary(max_size=40))
def test_broken_zips_fail_in_words(tmp_path_factory: pytest.TempPathFactory, cut: int, noise: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "rusak.zip"
    data = zipped(path, {"a.jsonl": json.dumps(ROW), "b.html": page("Judul")}).read_bytes()
    path.write_bytes(data[: min(cut, len(data))] + noise + data[min(cut, len(data)) + len(noise) :])
    for item in read_articles(path):
        assert isinstance(item, Article) or item.reason


# ---- WARC


def warc(path: Path, pages: dict[str, tuple[str, str, bytes]], *, compress: bool = True) -> Path:
    """Written by hand: warcio's writer leaves files open."""
    with path.open("wb") as file:
        for url, (status, kind, body) in pages.items():
            http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-10-07T06:05:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:{uuid4()}>\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(http)}\r\n\r\n"
            )
            record = head.encode() + http + b"\r\n\r\n"
            file.write(gzip.compress(record) if compress else record)
    return path


@pytest.mark.parametrize("compress", [True, False])
def test_a_web_archive(tmp_path: Path, compress: bool) -> None:
    foreign = page("Palsu", head='<link rel="canonical" href="https://lain.example/berita">')
    legacy = page("Kafé Terapung").replace('<meta charset="utf-8">', "")
    path = warc(
        tmp_path / ("a.warc.gz" if compress else "a.warc"),
        {
            "https://warta.example/berita/1": ("200 OK", "text/html; charset=utf-8", page("Satu").encode()),
            "https://warta.example/berita/2": ("200 OK", "text/html; charset=windows-1252", legacy.encode("cp1252")),
            "https://warta.example/palsu": ("200 OK", "text/html", foreign.encode()),
            "https://warta.example/hilang": ("404 Not Found", "text/html", page("Hilang").encode()),
            "https://warta.example/foto.jpg": ("200 OK", "image/jpeg", b"\xff\xd8"),
        },
        compress=compress,
    )
    found = [item for item in read_articles(path) if isinstance(item, Article)]
    assert [(one.title, one.url) for one in found] == [
        ("Satu", "https://warta.example/berita/1"),
        ("Kafé Terapung", "https://warta.example/berita/2"),
        ("Palsu", "https://warta.example/palsu"),
    ]
    assert found[0].publisher == "warta.example"


def test_a_broken_web_archive(tmp_path: Path) -> None:
    path = warc(
        tmp_path / "a.warc.gz", {"https://warta.example/1": ("200 OK", "text/html", page("Satu").encode() * 50)}
    )
    path.write_bytes(path.read_bytes()[:-300])
    (failure,) = read_articles(path)  # and not half an article
    assert isinstance(failure, Failure)
    assert "cut short" in failure.reason
    (tmp_path / "b.warc").write_bytes(b"ini bukan WARC\n" * 20)
    (failure,) = read_articles(tmp_path / "b.warc")
    assert isinstance(failure, Failure)


# ---- Parquet and columns


def test_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "title": ["Satu", "Dua"],
            "content": [" ".join(PARAGRAPHS), None],
            "published_at": [datetime(2024, 10, 7, 6, 5, tzinfo=UTC), None],
            "tags": [["nelayan", "Berau"], []],
            "embedding": [[0.1] * 8, [0.2] * 8],
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    first, second = read_articles(tmp_path / "a.parquet")
    assert isinstance(first, Article)
    assert (first.title, first.topics) == ("Satu", ("nelayan", "Berau"))
    assert first.published == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)
    assert first.source == f"{tmp_path}/a.parquet#1"
    assert isinstance(second, Failure)


def test_a_broken_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 bukan PAR1")
    (failure,) = read_articles(tmp_path / "a.parquet")
    assert isinstance(failure, Failure)
    assert "Parquet" in failure.reason


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_columns_by_other_names(tmp_path: Path, kind: str) -> None:
    """``judul`` is a field's usual name, yet the title is said to stand in ``kepala``."""
    row = {
        "kepala": "Judul Benar",
        "judul": "nomor 7",
        "badan": PARAGRAPHS[0],
        "tgl_naik": "2024-10-07",
        "koran": "Warta",
    }
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text(f"{','.join(row)}\n" + ",".join(f'"{value}"' for value in row.values()))
    elif kind == "parquet":
        parquet.write_table(pa.table({name: [value] for name, value in row.items()}), path)
    else:
        path.write_text(json.dumps([row] if kind == "json" else row))
    columns = {"title": "kepala", "text": "badan", "published": "tgl_naik", "publisher": "koran"}
    (article,) = read_articles(path, columns=columns)
    assert isinstance(article, Article), article
    assert (article.title, article.text, article.publisher) == ("Judul Benar", PARAGRAPHS[0], "Warta")
    assert article.published == date(2024, 10, 7)
    (failure,) = read_articles(path)
    assert isinstance(failure, Failure)


def test_columns_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("judul,isi\nSatu,Hujan turun.\n")
    with pytest.raises(ReadError, match="isi_berita"):
        read_articles(tmp_path / "a.csv", columns={"isi_berita": "isi"})
    (failure,) = read_articles(tmp_path / "a.csv", columns={"text": "badan"})
    assert isinstance(failure, Failure)
    assert "no column badan" in failure.reason
