"""Formula lines over what happened. The words were resolved when the plan was sealed (connectors/plan/formula.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation

OPS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
}  # fmt: skip


def worked_out(
    tokens: Sequence[str], value_of: Callable[[str], Decimal | None], parts: Mapping[str, Decimal | None]
) -> Decimal | None:
    """Value of a formula, operands first: `@` a node, `$` a part of the line, `#` a number.

    None when anything it needs is not known, or when it divides by zero; an unknown part is never zero.
    """
    stack: list[Decimal | None] = []
    for token in tokens:
        if token in OPS:
            right, left = stack.pop(), stack.pop()
            stack.append(None if left is None or right is None else _applied(token, left, right))
        elif token[0] == "#":
            stack.append(Decimal(token[1:]))
        else:
            stack.append(value_of(token[1:]) if token[0] == "@" else parts.get(token[1:]))
    return stack[0] if len(stack) == 1 else None


def _applied(sign: str, left: Decimal, right: Decimal) -> Decimal | None:
    try:
        return OPS[sign](left, right)
    except (DivisionByZero, InvalidOperation):
        return None


def names_of(tokens: Sequence[str]) -> list[str]:
    """Ids of the nodes that a formula needs."""
    return [token[1:] for token in tokens if token[0] == "@"]
