"""Rows of a long history on disk, so that a million lines never need a gigabyte of memory."""

from __future__ import annotations

import mmap
import tempfile
from array import array

FLUSH = 1 << 20


class Spool:
    """core.replay.Rows in an unnamed temporary file: it is gone with the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the spool
        self._starts = array("q", [0])
        self._pending = bytearray()
        self._written: bytes | mmap.mmap = b""  # what is on disk, as far as it was asked for

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, row: bytes) -> None:
        self._pending += row
        self._starts.append(self._starts[-1] + len(row))
        if len(self._pending) >= FLUSH:
            self._flush()

    def __getitem__(self, index: int) -> bytes:
        if self._pending:
            self._flush()
        start, end = self._starts[index], self._starts[index + 1]
        if end > len(self._written):
            self._written = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._written[start:end]

    def _flush(self) -> None:
        written = memoryview(self._pending)
        while written:
            written = written[self._file.write(written) :]
        self._pending = bytearray()
