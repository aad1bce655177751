"""Looking at a piece of JSON and noting its faults.

Every check walks a JSON pointer, because that is how Slack tells a developer where the fault is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Findings:
    """The faults found so far, in the words of the Web API."""

    faults: list[str] = field(default_factory=list)

    def add(self, pointer: str, fault: str) -> None:
        """Note one fault at one place."""
        self.faults.append(f"{fault} [json-pointer:{pointer}]")


@dataclass(frozen=True, slots=True)
class Spot:
    """A value, where it stands, and the notebook for its faults."""

    value: Any
    pointer: str
    findings: Findings

    def fault(self, words: str) -> None:
        """Note a fault here."""
        self.findings.add(self.pointer, words)

    def has(self, key: str) -> bool:
        """Whether the object carries this key with something in it."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def at(self, key: str | int) -> Spot:
        """The spot one step further in."""
        return Spot(self.value[key], f"{self.pointer}/{key}", self.findings)

    def each(self) -> list[Spot]:
        """The spots of a list, in order."""
        return [self.at(i) for i in range(len(self.value))]

    def keys(self, required: Iterable[str], optional: Iterable[str]) -> bool:
        """Check the keys of an object; false when there is no point in looking closer."""
        if not isinstance(self.value, dict):
            self.fault("must provide an object")
            return False
        missing = [key for key in required if self.value.get(key) is None]
        for key in missing:
            self.fault(f"missing required field: {key}")
        for key in self.value.keys() - set(required) - set(optional):
            self.fault(f"invalid additional property: {key}")
        return not missing

    def string(self, most: int, least: int = 1) -> None:
        """Check a string's length."""
        if not isinstance(self.value, str):
            self.fault("must provide a string")
        elif len(self.value) < least:
            self.fault(f"must be more than {least - 1} characters")
        elif len(self.value) > most:
            self.fault(f"must be less than {most + 1} characters")

    def optional_string(self, key: str, most: int, least: int = 1) -> None:
        """Check a string that may be absent."""
        if self.has(key):
            self.at(key).string(most, least)

    def flags(self, *keys: str) -> None:
        """Check booleans that may be absent."""
        for key in keys:
            if self.has(key) and not isinstance(self.value[key], bool):
                self.at(key).fault("must provide a boolean")

    def items(self, most: int, least: int = 1) -> bool:
        """Check a list's length; false when it is no list."""
        if not isinstance(self.value, list):
            self.fault("must provide an array")
            return False
        if len(self.value) < least:
            self.fault(f"must provide at least {least} item{'s' if least > 1 else ''}")
        if len(self.value) > most:
            self.fault(f"no more than {most} items allowed")
        return True

    def one_of(self, allowed: Iterable[Any]) -> None:
        """Check a value against a closed list."""
        if self.value not in list(allowed):
            self.fault(f"must be one of: {', '.join(map(str, allowed))}")

    def text(self, most: int, *, plain: bool = False) -> None:
        """Check a text object."""
        if not self.keys(["type", "text"], ["emoji", "verbatim"]):
            return
        kind = self.value["type"]
        if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.at("type").fault(f"unsupported type: {kind}")
        if kind == "mrkdwn" and self.has("emoji"):
            self.fault("invalid additional property: emoji")
        self.at("text").string(most)
        self.flags("emoji", "verbatim")

    def plain(self, key: str, most: int) -> None:
        """Check a plain text object that may be absent."""
        if self.has(key):
            self.at(key).text(most, plain=True)


Check = Callable[[Spot], None]
