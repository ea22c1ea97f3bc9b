"""The run sheet's way in: the workbook to fill, the way back, and a session's rows as typed values. Beside submit.py a door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors import runsheet
from connectors.runsheet import FIELDS, LAST_MINUTE, LONGEST, SheetError, SheetFault
from dashboard import submit

__all__ = ["FIELDS", "LAST_MINUTE", "LONGEST", "SheetError", "SheetFault", "read", "remove", "save", "template"]


def template(rows: Sequence[Mapping[str, Any]], lang: str) -> bytes:
    """The workbook with these rows, as bytes of an .xlsx file."""
    return runsheet.template(rows, lang)


def read(name: str, content: bytes) -> list[dict[str, Any]]:
    """The rows of a filled workbook. Raises SheetError with every fault and its cell."""
    return runsheet.read(name, content)


def save(shop: str, zone: str, account: str, sheet_at: datetime, rows: Sequence[Mapping[str, Any]], before: Sequence[dict[str, Any]]) -> list[str]:
    """Store the sheet of one session in place of the stored rows `before`. Returns package ids.

    Raises SheetError with every fault, FormError; nothing is stored then.
    """
    return submit.save_rows("live_event", runsheet.event_rows(shop, account, sheet_at, runsheet.checked(rows), before), zone)


def remove(shop: str, zone: str, account: str, sheet_at: datetime, before: Sequence[dict[str, Any]]) -> list[str]:
    """Take the whole sheet away. Returns package ids. Raises FormError."""
    return submit.save_rows("live_event", runsheet.event_rows(shop, account, sheet_at, [], before), zone)
