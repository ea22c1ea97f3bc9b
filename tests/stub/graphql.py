"""As much GraphQL as a stub needs: an operation with its variables, arguments and aliases; an answer holds what was asked for and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.stub.played import need

TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(\$?[A-Za-z_]\w*)|(-?\d+(?:\.\d+)?)|([{}()\[\]:!=@]))[\s,]*')


@dataclass(frozen=True)
class Field:
    """One field asked for; `args` with variables filled in; `fields` of an object."""

    name: str
    alias: str
    args: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Operation:
    """query or mutation with its name ("" none) and the fields at its root."""

    kind: str
    name: str
    fields: tuple[Field, ...]


def operation(text: str, variables: Mapping[str, Any]) -> Operation:
    """The one operation of a document. Refuses variables that it does not declare, or needs and was not given."""
    return _Reader(text, variables).operation()


def answer(fields: tuple[Field, ...], resolve: Callable[[Field], Any]) -> dict[str, Any]:
    """The `data` of an answer: `resolve` gives the whole value of a root field, which is cut down to what was asked for."""
    return {each.alias: cut(each, resolve(each)) for each in fields}


def cut(asked: Field, value: Any) -> Any:
    """A value, or each of a list, with the fields asked for alone."""
    if isinstance(value, list):
        return [cut(asked, entry) for entry in value]
    if value is None or not asked.fields:
        need(value is None or not isinstance(value, dict) or not value.get("__object"), f"'{asked.name}' is an object: say which of its fields")
        return value
    missing = [each.name for each in asked.fields if each.name not in value]
    need(not missing, f"'{asked.name}' has no field {missing}")
    return {each.alias: cut(each, value[each.name]) for each in asked.fields}


def selection(text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """What the one anonymous query of a document selects: field -> what is selected of it, {} of a plain value."""
    asked = operation(text, variables)
    need(text.lstrip().startswith("query") and asked.kind == "query" and not asked.name, "one anonymous query")
    return _selected(asked.fields)


def _selected(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {each.name: _selected(each.fields) for each in fields}


def picked(value: Any, wanted: Mapping[str, Any]) -> Any:
    """What a selection takes of a value, in its order; a field that has no value is null."""
    if not wanted or value is None:
        return value
    if isinstance(value, list):
        return [picked(each, wanted) for each in value]
    return {name: picked(value.get(name), inner) for name, inner in wanted.items()}


class _Reader:
    def __init__(self, text: str, variables: Mapping[str, Any]) -> None:
        self.variables, self.used = variables, set[str]()
        self.tokens = list(self._split(re.sub(r"#[^\n]*", "", text)))
        self.at = 0

    def _split(self, text: str) -> Iterator[str]:
        place = 0
        while place < len(text.rstrip()):
            match = TOKEN.match(text, place)
            need(match, f"no GraphQL at {text[place : place + 20]!r}")
            assert match is not None
            yield next(group for group in match.groups() if group is not None)
            place = match.end()

    def _next(self, wanted: str = "") -> str:
        need(self.at < len(self.tokens), "the document ends too early")
        token = self.tokens[self.at]
        need(not wanted or token == wanted, f"'{wanted}' is expected, not '{token}'")
        self.at += 1
        return token

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def operation(self) -> Operation:
        kind, name = "query", ""
        if self._peek() in ("query", "mutation"):
            kind = self._next()
            name = self._next() if self._peek() not in ("{", "(") else ""
            if self._peek() == "(":
                self._declared()
        need(self._peek() == "{", "an operation has fields")
        found = Operation(kind, name, self._fields())
        need(not self._peek(), f"one operation a document, not another '{self._peek()}'")
        need(self.used <= set(self.variables) | self.declared, "a variable is used that is not declared")
        return found

    declared: frozenset[str] = frozenset()

    def _declared(self) -> None:
        """Variables with their types; `!` says that one must be given."""
        self._next("(")
        found = set()
        while self._peek() != ")":
            name = self._next().removeprefix("$")
            self._next(":")
            self._next()
            found.add(name)
            if self._peek() == "!":
                self._next()
                need(self.variables.get(name) is not None, f"the variable '{name}' must be given")
        self._next(")")
        need(set(self.variables) <= found, f"variables that are not declared: {sorted(set(self.variables) - found)}")
        self.declared = frozenset(found)

    def _fields(self) -> tuple[Field, ...]:
        self._next("{")
        found = []
        while self._peek() != "}":
            name = alias = self._next()
            if self._peek() == ":":
                self._next()
                name = self._next()
            args = self._pairs("(", ")") if self._peek() == "(" else {}
            found.append(Field(name, alias, args, self._fields() if self._peek() == "{" else ()))
        self._next("}")
        need(found, "an object without fields")
        return tuple(found)

    def _pairs(self, opens: str, closes: str) -> dict[str, Any]:
        """Arguments of a field, or an object among them."""
        self._next(opens)
        found = {}
        while self._peek() != closes:
            name = self._next()
            self._next(":")
            found[name] = self._pairs("{", "}") if self._peek() == "{" else self._value(self._next())
        self._next(closes)
        return found

    def _value(self, token: str) -> Any:
        if token.startswith("$"):
            self.used.add(token[1:])
            return self.variables.get(token[1:])
        if token[0] == '"':
            return json.loads(token)
        if token in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[token]
        return int(token) if token.lstrip("-").isdigit() else token
