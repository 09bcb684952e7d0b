"""Copies of an index: one SQLite file with articles, vectors and terms. Chroma's index is made from it again."""

from __future__ import annotations

import os
import uuid
from contextlib import closing
from pathlib import Path

from index.archive import Archive
from index.errors import IndexDamagedError, IndexMissingError, IndexStoreError
from index.locking import writers_lock

__all__ = ["back_up", "restore"]


def back_up(archive: Archive, file: Path) -> None:
    """See ``ArticleIndex.backup``."""
    if file.exists() and not _is_archive(file):
        raise IndexStoreError(f"{file} exists and is not a backup; give another name, or delete it first.")
    draft = file.with_name(file.name + ".part")
    try:
        draft.unlink(missing_ok=True)
        archive.copy_to(draft)
        _check(draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    except OSError as error:
        raise IndexStoreError(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        if draft.is_file():
            draft.unlink()


def restore(archive: Path, file: Path, *, replace: bool) -> None:
    """Puts the backup ``file`` into the archive at ``archive``; see ``ArticleIndex.restore``."""
    if not file.is_file():
        raise IndexMissingError(f"There is no file {file}.")
    _check(file)
    folder, draft = archive.parent, archive.with_name(archive.name + ".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with writers_lock(folder):
            if archive.is_file() and not replace:
                raise IndexStoreError(f"{folder} is an index already; restore with --replace, or into another folder.")
            draft.unlink(missing_ok=True)
            with closing(Archive(file)) as backup:
                backup.copy_to(draft)
            with closing(Archive(draft)) as copy:
                with copy.writing() as writer:
                    # Vector indexes beside the backup may have moved on, or be those of another copy of it.
                    writer.forget_replicas()
                    writer.set_meta("index", _identity(archive))
                _put(copy, archive)
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise IndexStoreError(f"{folder} cannot be written to: {error.strerror or error}.") from error


def _put(copy: Archive, path: Path) -> None:
    """In one transaction, so that whoever reads at ``path`` sees what was there or what is restored."""
    if path.is_file():
        try:
            with closing(Archive(path)) as there:
                there.take_over(copy)
            return
        except IndexDamagedError:
            for part in ("", "-wal", "-shm"):
                damaged = path.with_name(path.name + part)
                if damaged.exists():
                    damaged.replace(path.with_name(f"{path.name}.damaged{part}"))
    copy.move_to(path)


def _identity(path: Path) -> str:
    """That of the index which is replaced, so that it keeps its collection on a server; else a new one."""
    if path.is_file():
        with closing(Archive(path)) as there:
            try:
                return there.made_by().index
            except IndexDamagedError:
                pass  # it is replaced
    return uuid.uuid4().hex


def _is_archive(file: Path) -> bool:
    with closing(Archive(file)) as archive:
        try:
            archive.made_by()
        except IndexDamagedError:
            return False
    return True


def _check(file: Path) -> None:
    with closing(Archive(file)) as archive:
        try:
            archive.made_by()
            problems = archive.file_problems()
        except IndexDamagedError as error:
            raise IndexDamagedError(f"{file} is no backup of an index, or it is damaged: {error.__cause__}.") from error
    if problems:
        raise IndexDamagedError(f"{file} is damaged: {problems[0]}.")
