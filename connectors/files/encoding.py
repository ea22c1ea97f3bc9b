"""What encoding a text file has, and the same text as UTF-8.

Order of trial (exports.md rule 2): byte order mark, strict UTF-8, GB18030; Windows-1252 only where it shows more known headers.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from connectors.errors import FileError, TruncatedFile, WrongEncoding

HEAD_BYTES = 256 * 1024
CHUNK = 4 * 1024 * 1024
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
REMEDY = "Open it in the program that made it, save it as CSV UTF-8, and import that."

Score = Callable[[str], int]  # how many known headers a text shows


def is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked when it is gzip."""
    return gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def read_head(path: Path, size: int = HEAD_BYTES) -> bytes:
    """The first bytes, unpacked. Raises TruncatedFile when a gzip file is cut off within them."""
    try:
        with open_bytes(path) as stream:
            return stream.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error, OSError) as error:
        raise _gzip_error(path, error) from error


def detect(head: bytes, name: str, score: Score) -> str:
    """The Python codec of a text that begins with `head`. Raises WrongEncoding when nothing fits."""
    for mark, codec in BOMS:
        if head.startswith(mark):
            return codec
    if head[:2000].count(0) > len(head[:2000]) // 5:
        return "utf-16-le" if head[1:2000:2].count(0) > head[0:2000:2].count(0) else "utf-16-be"
    if _decodes(head, "utf-8"):
        return "utf-8"
    found = [codec for codec in ("gb18030", "cp1252") if _decodes(head, codec)]
    if not found or 0 in head:
        raise WrongEncoding(f"{name} is neither UTF-8 nor GB18030 text: at least one byte has no meaning in either. {REMEDY}")
    return max(found, key=lambda codec: (score(head.decode(codec, "ignore")), -found.index(codec)))


def _decodes(head: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # a character cut off at the very end is a matter of the last line
    return True


def to_utf8(path: Path, codec: str, target: Path) -> Path:
    """Write the text of `path` as UTF-8 without a mark to `target`; a character cut off at the end becomes U+FFFD.

    Raises WrongEncoding with the position of a byte that does not decode, TruncatedFile for a gzip cut off.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    done = 0
    try:
        with open_bytes(path) as source, target.open("w", encoding="utf-8", newline="", errors="replace") as sink:
            while chunk := source.read(CHUNK):
                sink.write(decoder.decode(chunk).lstrip("\ufeff") if not done else decoder.decode(chunk))
                done += len(chunk)
            try:
                sink.write(decoder.decode(b"", final=True))
            except UnicodeDecodeError:
                sink.write("\ufffd")
    except UnicodeDecodeError as error:
        raise WrongEncoding(
            f"{path.name} begins as {codec} text, but near byte {done + error.start:,} is something else "
            f"({error.object[error.start : error.start + 4]!r}). The file was damaged or glued from two encodings. Export it again; {REMEDY}"
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _gzip_error(path, error) from error
    return target


def certain_utf8(path: Path, target: Path) -> Path:
    """A text whose beginning is UTF-8 but which DuckDB refused: written again with a certain encoding.

    A beginning of plain ASCII may go on in GB18030; one with UTF-8 characters may not. Raises WrongEncoding.
    """
    with path.open("rb") as stream:
        beginning = stream.read(HEAD_BYTES)
    if not beginning.isascii():
        return to_utf8(path, "utf-8", target)
    try:
        return to_utf8(path, "utf-8", target)
    except WrongEncoding:
        return to_utf8(path, "gb18030", target)


def _gzip_error(path: Path, error: Exception) -> FileError:
    if isinstance(error, EOFError):
        return TruncatedFile(f"{path.name} is cut off: the compressed data end before their own end mark. Download it again.")
    return FileError(f"{path.name} cannot be read ({error}). Download it again, or check that it may be opened.")
