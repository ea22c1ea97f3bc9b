"""Formulas of plan lines, worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plan.formula import FormulaError, evaluate, references

VALUES = {"revenue": Decimal(600_000), "blank": None, "zero": Decimal(0)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("{revenue} * 15%", "90000"),
        ("{revenue} × 10%", "60000"),
        ("pay * heads * months", "108000"),
        ("1500 * 6 * 12", "108000"),
        ("{revenue} - (pay + 2.4万) * 2", "549000"),
        ("-{revenue} / 2", "-300000"),
        ("4.5万 / (1068 / 15)", "632.0224719101123595505617978"),
    ],
)
def test_formulas_give_exact_values(formula: str, value: str) -> None:
    """60万 x 15 % is 90,000; 1500 x 6 x 12 is 108,000."""
    parts = {"pay": Decimal(1500), "heads": Decimal(6), "months": Decimal(12)}
    assert evaluate(formula, VALUES.__getitem__, parts) == Decimal(value)


@pytest.mark.parametrize("formula", ["{blank} * 15%", "{revenue} + {blank}", "rate * 3", "{revenue} / {zero}"])
def test_what_needs_a_blank_is_blank(formula: str) -> None:
    """A missing operand is not zero, and nothing is divided by zero."""
    assert evaluate(formula, VALUES.__getitem__, {"rate": None}) is None


@pytest.mark.parametrize(
    "formula",
    ["revenue * 2", "{revenue} ** 2", "__import__('os')", "1 +", "", "{revenue} > 3", "a.b", "\x00", "(" * 500],
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    """Names that the line does not give, other operators, and code."""
    with pytest.raises(FormulaError):
        evaluate(formula, VALUES.__getitem__)


def test_references_are_named_once_in_order() -> None:
    """{a} and {b} of a formula, as written."""
    assert references("{b} - {a} * {b} + 3") == ["b", "a"]


@given(st.text(max_size=30) | st.text(alphabet="0123456789.+-*/()%万{}ab ", max_size=30))
def test_any_text_is_a_formula_or_refused(formula: str) -> None:
    """Nothing but FormulaError, whatever was typed."""
    try:
        value = evaluate(formula, lambda _: Decimal(7), {"a": Decimal(2)})
    except FormulaError:
        return
    assert value is None or isinstance(value, Decimal)
