"""On which line of a TOML text its tables, keys and items stand: `tomllib` does not say.

The text must be one that `tomllib` reads. Lines are counted from 1.
"""

import re
import tomllib
from bisect import bisect_left

Path = tuple[str | int, ...]
"""The way to a value: ("teams", "flowers", "members", 2) is the third of the members."""

_BETWEEN = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_BARE = re.compile(r"[^,\]}\n#]*")


def lines_of(text: str) -> dict[Path, int]:
    """The line of everything that has a name or a place in a list; of what stands there twice, the first."""
    scan = _Scan(text)
    scan.document()
    return scan.found


class _Scan:
    """Reads from `at` on, and remembers where things were found."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, int] = {}
        self._ends = [sign.start() for sign in re.finditer("\n", text)]

    def document(self) -> None:
        table: Path = ()
        self._skip(_BETWEEN)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._statement(table)
            self._skip(_BETWEEN)

    def _header(self) -> Path:
        begins = self.at
        while self.text[self.at] == "[":
            self.at += 1
        path = self._dotted()
        while self.text.startswith("]", self.at):
            self.at += 1
        self._remember(path, begins)
        return path

    def _statement(self, table: Path) -> None:
        begins = self.at
        path = (*table, *self._dotted())
        self.at += 1  # the sign "="
        self._skip(_SPACE)
        self._remember(path, begins)
        self._value(path)

    def _dotted(self) -> Path:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            part = self._skip(_KEY)
            parts.append(tomllib.loads(f"key = {part}")["key"] if part[0] in "\"'" else part)
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def _value(self, path: Path) -> None:
        match self.text[self.at]:
            case "[":
                self._array(path)
            case "{":
                self._inline(path)
            case '"' | "'":
                self._skip(_STRING)
            case _:
                self._skip(_BARE)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._skip(_BETWEEN)
        while self.text[self.at] != "]":
            self._remember((*path, index), self.at)
            self._value((*path, index))
            index += 1
            self._after("]")
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._skip(_BETWEEN)
        while self.text[self.at] != "}":
            self._statement(path)
            self._after("}")
        self.at += 1

    def _after(self, end: str) -> None:
        """To the next item, or to the end of a list or a table."""
        self._skip(_BETWEEN)
        if self.text[self.at] != end:
            self.at += 1  # the comma
            self._skip(_BETWEEN)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        assert found is not None, self.at
        self.at = found.end()
        return found[0]

    def _remember(self, path: Path, at: int) -> None:
        line = bisect_left(self._ends, at) + 1
        for depth in range(1, len(path) + 1):
            self.found.setdefault(path[:depth], line)
