"""Link numbers pressed on air, named by the run sheet."""

from __future__ import annotations

import pandas as pd

from queries.live.links import with_items


def test_a_number_planned_for_one_item_is_that_item() -> None:
    """3 is item a however it is written; 4 was planned for two items, 5 for none; an event that names its item keeps it."""
    events = pd.DataFrame({"kind": "explain", "link_no": ["3", "4", "5", "3", ""], "item_id": ["", "", "", "z", ""], "title": [None, None, None, "自带", None]})
    sheet = pd.DataFrame(
        {"link_no": ["3号", "4", "4", "3", ""], "item_id": ["a", "b", "c", "a", ""], "text": ["杯子", "", "", "杯子", ""], "title": [None, "碗", "盘", None, None]}
    )
    found = with_items(events, sheet)
    assert found["item_id"].tolist() == ["a", "", "", "z", ""]
    assert found["title"].where(found["title"].notna(), "").tolist() == ["杯子", "", "", "自带", ""]


def test_without_a_sheet_nothing_changes() -> None:
    """Neither an empty sheet nor an empty log is a fault."""
    events = pd.DataFrame({"kind": ["explain"], "link_no": ["3"], "item_id": [""], "title": [None]})
    sheet = pd.DataFrame(columns=["link_no", "item_id", "text", "title"])
    assert with_items(events, sheet)["item_id"].tolist() == [""] and with_items(events.head(0), sheet).empty
