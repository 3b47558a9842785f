"""Reading Zstandard: frames end to end, each of which must have its end."""

from __future__ import annotations

import io
from typing import IO, Any

from tabtext.errors import MissingExtraError

_STEP = 1024
"""Compressed bytes taken at once: some 32 MiB at most when unpacked, however well they were packed."""


def zstandard() -> Any:
    """The library; a MissingExtraError where it is not installed."""
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("Reading and writing .zst files", "zstandard", "zstd") from None
    return zstandard


class Frames(io.RawIOBase):
    """The plain bytes of a file of frames; an EOFError where one is damaged or the last has no end."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.library = zstandard()
        self.frame: Any = None
        self.packed = self.plain = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes, 0 of them behind the last frame."""
        while not self.plain and (packed := self.packed or self.file.read(_STEP)):
            self._unpack(packed)
        if not self.plain and self.frame is not None:
            raise EOFError("its last Zstandard frame has no end")
        size = min(len(buffer), len(self.plain))
        buffer[:size], self.plain = self.plain[:size], self.plain[size:]
        return size

    def _unpack(self, packed: bytes) -> None:
        self.frame = self.frame or self.library.ZstdDecompressor().decompressobj()
        try:
            self.plain = self.frame.decompress(packed)
        except self.library.ZstdError as error:
            raise EOFError(str(error)) from None
        self.packed = self.frame.unused_data
        if self.frame.eof:
            self.frame = None
