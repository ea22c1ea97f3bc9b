"""A plan from whatever holds one: a filled template, a plan file, a table pasted from a document; and its package.

The same bytes again change nothing: a plan gets a new version only from a file that is not the one its last version came from.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from connectors.plan.aliases import Row as Alias
from connectors.plan.errors import Fault, PlanError
from connectors.plan.matrix import read_matrix
from connectors.plan.model import Plan
from connectors.plan.paste import read_paste
from connectors.plan.planfile import parse_csv, parse_toml
from connectors.plan.seal import SOURCE, seal_plan
from connectors.plan.workbook import read_workbook
from connectors.plan.workbook.write import MARK
from warehouse.book import Book
from warehouse.packages import Manifest, standing

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXTS_AT_MOST = 50_000_000  # bytes of a part of a workbook that are looked through for the mark


@dataclass(frozen=True)
class SealedPlan:
    """What became of a plan file. `already`: the plan's last version came from these very bytes."""

    manifest: Manifest
    plan: Plan
    already: bool = False


def is_plan(path: Path) -> bool:
    """Is the file a plan rather than an export? Looks at its first bytes and, in a workbook, for the template's mark."""
    kind = path.suffix.lower()
    try:
        if kind == ".toml":
            return "[plan]" in path.read_text(encoding="utf-8-sig")
        if kind == ".csv":
            with path.open("rb") as stream:
                head = stream.read(2000).removeprefix(b"\xef\xbb\xbf")
            return head.startswith(b"#") and b"# id:" in head
        return kind in (".xlsx", ".xlsm") and is_template(path)
    except (OSError, UnicodeDecodeError):
        return False


def is_template(source: Path | bytes) -> bool:
    """Does a workbook carry the mark of our templates, whatever it is called?"""
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else BytesIO(source)) as archive:
            texts = [name for name in archive.namelist() if name.endswith("sharedStrings.xml") or "/worksheets/" in name]
            return any(MARK.encode() in archive.read(name) for name in texts if archive.getinfo(name).file_size < TEXTS_AT_MOST)
    except (OSError, zipfile.BadZipFile):
        return False


@dataclass(frozen=True)
class Answers:
    """What a month table of one's own does not say by itself: where the months stand, their year, the unit, budget or flow."""

    sheet: str = ""
    header: str = ""
    year: int | None = None
    unit: str = ""
    kind: str = ""


QUESTIONS = ("sheet", "header", "year", "unit", "kind")  # faults about these are answered, not mended in the file


def read_bytes(name: str, content: bytes, aliases: Sequence[Alias] = (), answers: Answers = Answers()) -> Plan:
    """The plan in a file's bytes; without a name they are pasted text. `aliases`: the user's own words for tools.

    A workbook that is no template of ours is read as a month table; faults whose `where` is one of QUESTIONS ask for `answers`.
    Raises PlanError with every fault and its place.
    """
    kind = Path(name).suffix.lower()
    if kind in WORKBOOKS:
        if is_template(content):
            return totals_only(read_workbook(content, name=name, aliases=aliases))
        found = read_matrix(content, answers.sheet, header=answers.header, year=answers.year, unit=answers.unit, kind=answers.kind, name=name, aliases=aliases)
        return replace(found, id=found.id or Path(name).stem)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(name, [Fault(name, "it is not UTF-8 text. Save it as UTF-8 and try again.")]) from error
    if kind == ".toml":
        return parse_toml(text, name)
    if kind == ".csv" and text.startswith("#"):
        return parse_csv(text, name)
    return read_paste(text, title=Path(name).stem, aliases=aliases, year=answers.year, unit=answers.unit, kind=answers.kind)


def totals_only(plan: Plan) -> Plan:
    """A month budget of totals without a single line is about all ad spend: the totals are held against that."""
    if plan.kind != "month_budget" or any(node.metric or node.source != "children" for node in plan.nodes):
        return plan
    note = "只填了合计：按全部推广花费对照"
    return replace(plan, nodes=tuple(replace(node, metric="spend", source="metric", note=node.note or note) for node in plan.nodes))


def seal_file(book: Book, path: Path, author: str) -> SealedPlan:
    """Read a plan file and seal it as the plan's next version. Raises PlanError."""
    content = path.read_bytes()
    plan = read_bytes(path.name, content)
    last = last_version(book, plan.id)
    if last is not None and last.facts.get("original") == hashlib.sha256(content).hexdigest():
        return SealedPlan(last, plan, already=True)
    return SealedPlan(seal_plan(book, plan, author, original=path), plan)


def last_version(book: Book, plan: str) -> Manifest | None:
    """The plan's latest package that stands."""
    return next((manifest for manifest in standing(book, SOURCE) if manifest.facts.get("plan") == plan), None)
