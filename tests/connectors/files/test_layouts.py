"""What every layout owes: a signature of its own, a word for the operator, units for the reader, no personal column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.files.header import normal
from connectors.files.layout import LAYOUTS, layouts
from connectors.files.reader import read, scratch
from connectors.files.recognise import fit
from tests.connectors.files.samples import SAMPLES, Imported
from warehouse.packages import iter_manifests, package_dir


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["file"])
def test_each_sample_fits_exactly_one_layout(shared: Path, tmp_path: Path, sample: dict[str, Any]) -> None:
    """Signatures exclude one another, so no file of these is ever between two layouts."""
    known = frozenset().union(*(layout.known for layout in layouts().values()))
    with scratch(tmp_path) as folder:
        source = read(shared / "apis/samples/exports" / sample["file"], folder, known)
        assert [layout.id for layout in layouts().values() if fit(source, layout)] == [sample["source"]]


def test_every_layout_says_where_the_file_lies_and_in_which_units() -> None:
    """The operator's checklist and the reader of a mapping get what they need from each layout."""
    assert {sample["source"] for sample in SAMPLES} <= set(layouts())
    for layout in layouts().values():
        assert layout.label["zh"] and layout.label["en"] and layout.where["zh"] and layout.where["en"], layout.id
        assert layout.currency and layout.zone and layout.cadence in ("daily", "weekly", "monthly", "session", "none"), layout.id
        assert bool(layout.purse) == (layout.kind in ("ads", "ad_items", "commission")), layout.id
    for path in LAYOUTS.glob("*.sql"):
        head = path.read_text(encoding="utf-8")
        assert all(f"-- {word}" in head for word in ("Source:", "Grain:", "Units:")), path.name


def test_no_personal_column_of_a_sample_reaches_a_package(imported: Imported) -> None:
    """Names, phones, addresses and waybills are gone before anything is stored."""
    private = {"收货人姓名", "收货地址", "联系电话", "联系手机", "买家会员昵称", "客户姓名", "客户地址", "收件人", "收件人手机号", "详细地址",
               "Billing Name", "Shipping Phone", "Recipient", "Phone #", "卖家真实姓名", "来源或淘客昵称"}  # fmt: skip
    manifests = list(iter_manifests(imported.reader.book))
    assert private <= {name for manifest in manifests for name in manifest.removed_columns}
    for manifest in manifests:
        folder = package_dir(imported.reader.book, manifest.id)
        sealed = {normal(name) for part in manifest.parts for name in _columns(folder / part.file)}
        assert not sealed & set(map(normal, manifest.removed_columns)), manifest.source


def _columns(path: Path) -> list[str]:
    return [row[0] for row in duckdb.connect().execute("SELECT name FROM parquet_schema(?) WHERE num_children IS NULL", [str(path)]).fetchall()]
