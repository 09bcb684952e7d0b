"""What the rooms say to users, read from their source: the messages of errors and of articles that failed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from index import errors

SPEAKERS = {*errors.__all__, "Failure"}
GAP = "‹{}›"
_WORDS = re.compile(r"[a-z]{3}")  # figures with their units, and gaps alone, are the same everywhere


class Messages:
    """The messages of one file, with ‹0›, ‹1›, … where names and figures stand."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self.calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        self.constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    def __iter__(self) -> Iterator[str]:
        for call in self.calls:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in SPEAKERS and call.args:
                yield from filter(_WORDS.search, self.texts(call.args[-1]))

    def texts(self, node: ast.expr) -> Iterator[str]:
        """What an argument can say: itself, a constant of the file, or what a function of the file returns."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.functions:
            for step in ast.walk(self.functions[node.func.id]):
                if isinstance(step, ast.Return) and step.value is not None:
                    yield from self.texts(step.value)
        elif isinstance(node, ast.Name) and node.id in self.constants:
            yield from self.texts(self.constants[node.id])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(self.part(part, place) for place, part in enumerate(node.values))
            for part in node.values:
                if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Call):
                    yield from self.texts(part.value)

    def part(self, part: ast.expr, place: int) -> str:
        if isinstance(part, ast.Constant):
            return str(part.value)
        assert isinstance(part, ast.FormattedValue)
        if isinstance(part.value, ast.Name) and part.value.id in self.constants:
            return next(self.texts(self.constants[part.value.id]), GAP.format(place))
        return GAP.format(place)
