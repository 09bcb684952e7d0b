import os
import socket
from pathlib import Path

import pytest

from index.errors import ReadError
from index.reading import count_articles, read_articles
from index.types import Article, Failure


def write(path, text="Hujan turun di Samarinda sejak pagi."):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(found):
    return [Path(item.source).name for item in found]


def test_a_folder_is_read_sorted_and_deep_without_hidden_and_other_files(tmp_path):
    for name in ("b.txt", "a/z.md", "a/y.txt", ".rahasia/x.txt", "a/.x.txt", "foto.png", "LICENSE", "c.pdf.bak"):
        write(tmp_path / name)
    found = list(read_articles(tmp_path))
    assert names(found) == ["y.txt", "z.md", "b.txt"]
    assert all(isinstance(item, Article) for item in found)
    assert count_articles(tmp_path) == 3


def test_one_bad_file_stops_nothing(tmp_path):
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt", "")
    write(tmp_path / "c.pdf", "bukan pdf")
    write(tmp_path / "d.txt")
    assert [type(item) for item in read_articles(tmp_path)] == [Article, Failure, Failure, Article]


def test_files_are_read_one_at_a_time(tmp_path):
    write(tmp_path / "a.txt")
    later = write(tmp_path / "b.txt")
    found = read_articles(tmp_path)
    assert next(found).source.endswith("a.txt")
    later.write_text("Berubah sebelum dibaca.")
    assert next(found).text == "Berubah sebelum dibaca."


@pytest.mark.parametrize("name", ["tidak-ada", "tidak-ada/a.txt", "a.txt/dalam", "n" * 300, "nol\0.txt"])
def test_a_path_where_nothing_is_raises_at_once(tmp_path, name):
    write(tmp_path / "a.txt")
    for function in (read_articles, count_articles):
        with pytest.raises(ReadError, match=r"does not exist|no usable path"):
            function(tmp_path / name)


def test_a_named_file_of_another_kind_is_a_failure(tmp_path):
    (failure,) = read_articles(write(tmp_path / "foto.png"))
    assert ".docx" in failure.reason
    assert "kind of file" in failure.reason


def test_relative_paths_give_absolute_sources(tmp_path, monkeypatch):
    write(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    (article,) = read_articles("a.txt")
    assert article.source == str(tmp_path / "a.txt")


def test_links_in_circles_end(tmp_path):
    write(tmp_path / "a" / "x.txt")
    (tmp_path / "a" / "kembali").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "diri.txt").symlink_to(tmp_path / "diri.txt")
    (tmp_path / "putus.txt").symlink_to(tmp_path / "hilang.txt")
    found = list(read_articles(tmp_path))
    assert names(found) == ["x.txt", "diri.txt", "putus.txt"]
    assert [type(item) for item in found] == [Article, Failure, Failure]


def test_pipes_and_sockets_are_not_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipa.txt")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("soket.txt")
        found = list(read_articles(tmp_path))
    assert [type(item) for item in found] == [Failure, Failure]
    assert all("pipe" in item.reason for item in found)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders(tmp_path):
    write(tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").mkdir(mode=0)
    write(tmp_path / "c.txt")
    found = list(read_articles(tmp_path))
    assert [type(item) for item in found] == [Failure, Failure, Article]
    assert "permissions" in found[0].reason


def test_a_file_that_goes_away_is_a_failure(tmp_path):
    write(tmp_path / "a.txt")
    found = read_articles(tmp_path / "a.txt")
    (tmp_path / "a.txt").unlink()
    (failure,) = found
    assert isinstance(failure, Failure)
    assert "cannot be opened" in failure.reason


def test_file_names_of_any_bytes(tmp_path):
    write(tmp_path / os.fsdecode(b"berita-\xff.txt"))
    (article,) = read_articles(tmp_path)
    assert article.source.endswith(r"berita-\xff.txt")
    article.source.encode()
