"""A run over a folder or file: what is new, changed or gone since the last time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from index.errors import ReadError
from index.reading import files_in, read_articles
from index.sources.runs import Run, SourceReport
from index.sources.state import Document
from index.types import Article, Failure

__all__ = ["FolderRun"]


class FolderRun(Run):
    """One run over a folder, or over one file (a ZIP, a web archive, a table)."""

    def run(self, path: Path) -> SourceReport:
        """Files that are new or changed; those that are gone take their articles along."""
        try:
            found = list(files_in(path))
        except ReadError as error:
            return self._report(str(error))
        files = {str(file): file for file in found if isinstance(file, Path)}
        for failure in found:
            if isinstance(failure, Failure):
                self._failed(failure)
        missing = [key for key in self._state.documents if key not in files]
        if missing and not files:
            return self._report(
                f"{path} holds none of the files it held; nothing was removed, in case it is not mounted"
            )
        if self._counts.failed:  # a folder that cannot be opened hides its files
            missing = []
        changed = {key: stamp for key, file in files.items() if (stamp := _stamp(file)) != self._known(key).stamp}
        self._current += len(files) - len(changed)
        read: dict[str, list[str]] = {}
        failures: set[str] = set()
        self._count(self._index.add(self._from_files(changed, read, failures)))
        lost = [source for key in missing for source in self._state.documents.pop(key).sources]
        for key, sources in read.items():
            before = set(self._state.documents.get(key, Document()).sources)
            # What cannot be read now stays as it was.
            left = before if key in failures else before & failures
            lost += before - left - set(sources)
            seen = None if key in failures else changed[key]
            self._state.documents[key] = Document(stamp=seen, sources=tuple(dict.fromkeys((*sources, *left))))
        kept = set(self._state.sources())
        self._withdraw([source for source in lost if source not in kept])
        self._state.save()
        return self._report("")

    def _from_files(
        self, changed: Iterable[str], read: dict[str, list[str]], failures: set[str]
    ) -> Iterator[Article | Failure]:
        for key in changed:
            self._watch(key)
            sources = read[key] = []
            for item in self._articles(key):
                if isinstance(item, Failure):
                    failures.add(item.source)
                    yield item
                    continue
                sources.append(item.source)
                yield self._completed(self._dated(item, self._now))

    def _articles(self, key: str) -> Iterator[Article | Failure]:
        try:
            yield from read_articles(key, columns=self._source.columns)
        except ReadError as error:  # it went this moment
            yield Failure(key, str(error))


def _stamp(file: Path) -> str:
    """A file's time and size: what is enough for make and rsync."""
    with suppress(OSError):  # it went this moment; reading it says so
        status = file.stat()
        return f"{status.st_mtime_ns}-{status.st_size}"
    return ""
