"""What the mapping page guesses, and when it lets the reader choose."""

from __future__ import annotations

from dashboard.mapping_form import date_form


def test_days_with_slashes_are_read_as_they_must_be() -> None:
    """9/14 can only be September; 14/9 too; 9/10 may be either, so nobody guesses."""
    assert date_form(["9/10/2014", "9/14/2014", "2,146"]) == "%m/%d/%Y"
    assert date_form(["10/9/2014", "14/9/2014"]) == "%d/%m/%Y"
    assert date_form(["9/10/2014", "10/10/2014"]) == ""
    assert date_form(["14/9/2014", "9/14/2014"]) == ""
    assert date_form(["2014/9/14", "", "1,430"]) == ""
