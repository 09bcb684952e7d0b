"""The folders of local vector indexes: where the next one goes, which are in the way, and what is in one."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

__all__ = ["checksum", "clear_away", "next_folder"]


def next_folder(folder: Path) -> Path:
    """Where the next vector index in ``folder`` goes; it is not made."""
    taken = [int(path.name) for path in folder.glob("*") if path.name.isdecimal()]
    return folder / str(max(taken, default=0) + 1)


def clear_away(folder: Path, current: str) -> None:
    """Deletes the vector indexes that nothing points to; one that is still open elsewhere may stay until next time."""
    for path in folder.glob("*"):
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)


def checksum(folder: Path) -> int:
    """CRC-32 of Chroma's persisted vector files; 0 where nothing has been persisted yet. The log is not among them."""
    value = 0
    for metadata in folder.glob("*/index_metadata.pickle"):  # until it is there, the others hold nothing
        for path in sorted(metadata.parent.iterdir()):
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    value = zlib.crc32(block, value)
    return value
