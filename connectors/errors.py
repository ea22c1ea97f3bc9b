"""Errors of connectors, grouped by what the reader must do. Every message says what, where and what to do.

ConnectorError                 never raised itself
  FileError                    a file that cannot be read; nothing was stored
    EmptyFile, TruncatedFile, WrongEncoding, HtmlWorkbook, LockedWorkbook, WorkbookTooLarge, BrokenWorkbook
    FileChanging               still being written: wait, then import again
  UnknownFile                  no layout fits: map it, or use a layout's name
  AmbiguousFile                two layouts fit equally well: say which
  LayoutError, MappingError    a layout or a mapping file is wrong
  ShopNeeded, WrongShop        the operator must say whose file it is
  DiskFull                     free some space; nothing was stored
  ApiError                     a platform; nothing of the window in hand was stored, what came before stays
    RateLimited, PlatformDown  tried again with back-off, then at the next run
    QuotaSpent                 no more calls today
    AuthExpired                the token: refreshed once, then authorise again
    AccessDenied               the account lacks a permission
    TooMuch                    the platform wants a shorter window: it is halved
    BadRequest                 the platform refuses what was asked: a fault of the connector or its settings
    UnexpectedPayload          the answer has another shape than the published contract
    Incomplete                 fewer rows came than the platform states
    NotThere                   nothing of the kind for one record: said, and the others go on
    NotSupported               the published contract does not say enough; nothing is guessed
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse.errors import OpsError


class ConnectorError(OpsError):
    """Base of what can go wrong outside the warehouse."""


class FileError(ConnectorError):
    """A file cannot be read."""


class EmptyFile(FileError):
    """Nothing in it, or no rows below its header."""


class TruncatedFile(FileError):
    """The file ends too early."""


class WrongEncoding(FileError):
    """The bytes are no text in any encoding we know."""


class HtmlWorkbook(FileError):
    """A web page or XML saved under a workbook's name."""


class LockedWorkbook(FileError):
    """The workbook asks for a password."""


class WorkbookTooLarge(FileError):
    """Unpacked, the workbook would not fit in memory."""


class BrokenWorkbook(FileError):
    """The workbook's insides cannot be read."""


class FileChanging(FileError):
    """Another program is still writing the file."""


class UnknownFile(ConnectorError):
    """No layout and no saved mapping fits. `headers`: what the most likely header row says."""

    def __init__(self, message: str, headers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.headers = headers


class AmbiguousFile(ConnectorError):
    """Several layouts fit equally well. `layouts`: their ids."""

    def __init__(self, message: str, layouts: tuple[str, ...]) -> None:
        super().__init__(message)
        self.layouts = layouts


class LayoutError(ConnectorError):
    """A layout file contradicts itself."""


class MappingError(ConnectorError):
    """A user's mapping cannot be used."""


class ShopNeeded(ConnectorError):
    """The file does not say whose it is. `shops`: the known ones."""

    def __init__(self, message: str, shops: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.shops = shops


class WrongShop(ConnectorError):
    """The items in the file belong mostly to `other`."""

    def __init__(self, message: str, other: str) -> None:
        super().__init__(message)
        self.other = other


class DiskFull(ConnectorError):
    """No space left; what had been written was removed."""


class ApiError(ConnectorError):
    """Base of what a platform can answer. `code`: the platform's own."""

    code: str = ""


class RateLimited(ApiError):
    """Too many calls. `retry_after_s`: when the platform says it will answer again, None when it does not say."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class PlatformDown(ApiError):
    """No answer, or one that is none: network, 5xx, a web page instead of data."""


class QuotaSpent(ApiError):
    """The day's calls are used up. `until`: Unix seconds when counting starts anew, None when unknown."""

    def __init__(self, message: str, until: float | None = None) -> None:
        super().__init__(message)
        self.until = until


class AuthExpired(ApiError):
    """The token is no longer taken. `final`: refreshing cannot help, a person must authorise again."""

    final: bool = False


class AccessDenied(ApiError):
    """The account may not read this."""


class BadRequest(ApiError):
    """The platform refuses the parameters."""


class TooMuch(ApiError):
    """The platform wants a shorter window or a smaller page."""


class UnexpectedPayload(ApiError):
    """The answer does not have the published shape."""


class Incomplete(ApiError):
    """Fewer rows came than the platform states."""


class NotThere(ApiError):
    """The platform has nothing of the kind for this one record; the others go on."""


class NotSupported(ApiError):
    """The contract is not known well enough to ask."""


@contextmanager
def disk_guard(where: object) -> Iterator[None]:
    """Turn "no space left" from Python or DuckDB into DiskFull."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        if full or "No space left" in str(error) or "Could not write" in str(error):
            raise DiskFull(
                f"No space left on the disk that holds {where}. Nothing was imported. Free some space and import again."
            ) from error
        raise
