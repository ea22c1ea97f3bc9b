"""Formulas of plan lines: `{A1-01} * 15%`, `pay * heads * months`. Numbers as people write them, + - * / ( ), sum(), children().

Values are exact Decimals; a blank operand makes the result blank, never zero.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation

from connectors.plan.quantity import NotAQuantity, quantity

_TOKEN = re.compile(r"\{([^{}]+)\}|([0-9][0-9,.]*\s*(?:万亿|[百千]?万|[十百千亿])?\s*[%‰]?)")
_OPS: dict[type[ast.AST], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.Div: lambda a, b: a / b,
}  # fmt: skip
_SIGNS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class FormulaError(ValueError):
    """The formula cannot be read; the message says where."""


def references(formula: str) -> list[str]:
    """Ids of the nodes that a formula names, in order, each once."""
    return list(dict.fromkeys(match[1].strip() for match in _TOKEN.finditer(formula) if match[1]))


def evaluate(
    formula: str, value_of: Callable[[str], Decimal | None], names: Mapping[str, Decimal | None] | None = None
) -> Decimal | None:
    """The formula's value; None when anything it needs is blank. Raises FormulaError.

    `value_of` answers a node id in braces, `names` the line's own typed parts (heads, pay, months).
    """
    known: dict[str, Decimal | None] = dict(names or {})
    tree = _parsed(formula, known, value_of)
    try:
        return _value(tree.body, known, formula)
    except (DivisionByZero, InvalidOperation):
        return None
    except ArithmeticError as error:
        raise FormulaError(f"'{formula}' gives a number that is too large. Correct it.") from error
    except RecursionError as error:
        raise FormulaError(f"'{formula}' is too long. Split it into several lines.") from error


def _parsed(
    formula: str, known: dict[str, Decimal | None], value_of: Callable[[str], Decimal | None]
) -> ast.Expression:
    """The formula as Python's own tree, every number and reference a name of `known`."""
    count = 0

    def name(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        key = f"_v{count}"
        try:
            known[key] = value_of(match[1].strip()) if match[1] else quantity(match[2]).value
        except NotAQuantity as error:
            raise FormulaError(f"'{formula}': {error}") from error
        return key

    text = _TOKEN.sub(name, formula.replace("×", "*").replace("÷", "/").replace("（", "(").replace("）", ")"))
    try:
        return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaError(f"'{formula}' is not a formula. Write it as {{A1-01}} * 15% or pay * heads * 12.") from error


def _value(node: ast.expr, known: Mapping[str, Decimal | None], formula: str) -> Decimal | None:
    if isinstance(node, ast.Name):
        if node.id not in known:
            raise FormulaError(
                f"'{formula}' uses '{node.id}', which the line does not give. Known: {', '.join(k for k in known if k[:2] != '_v') or 'none'}."
            )
        return known[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand, known, formula)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and type(node.op) in _OPS:
        left, right = _value(node.left, known, formula), _value(node.right, known, formula)
        return None if left is None or right is None else _OPS[type(node.op)](left, right)
    raise FormulaError(f"'{formula}' holds something other than numbers, names, {{ids}} and + - * / ( ).")


def postfix(formula: str) -> list[str]:
    """The formula with its words resolved, operands first: ["@A1-01", "#0.15", "*"]; @ a node, $ a part of the line, # a number.

    queries/plan/formula.py works it out over what happened. Raises FormulaError.
    """
    nodes: dict[Decimal, str] = {}

    def stand_in(id: str) -> Decimal:  # noqa: A002 - a node's id
        nodes[stand := Decimal(-1 - len(nodes))] = id  # no number of a formula is below zero: the minus is an operator
        return stand

    known: dict[str, Decimal | None] = {}
    tree = _parsed(formula, known, stand_in)
    return list(_operands_first(tree.body, known, nodes, formula))


def _operands_first(
    node: ast.expr, known: Mapping[str, Decimal | None], nodes: Mapping[Decimal, str], formula: str
) -> Iterator[str]:
    if isinstance(node, ast.Name):
        value = known.get(node.id)
        yield f"${node.id}" if node.id not in known else f"@{nodes[value]}" if value in nodes else f"#{value}"  # type: ignore[index]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "#0"
        yield from _operands_first(node.operand, known, nodes, formula)
        yield "-"
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPS:
        yield from _operands_first(node.left, known, nodes, formula)
        yield from _operands_first(node.right, known, nodes, formula)
        yield _SIGNS[type(node.op)]
    else:
        raise FormulaError(f"'{formula}' holds something other than numbers, names, {{ids}} and + - * / ( ).")
