"""Naming a service or a team in a line: by its key, or by its name with dashes between the words.

A key wins over a name; a name that two of them have names neither; what is retired is not found.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from handlers.house import House
from storage.records import Service, Team

T = TypeVar("T", Service, Team)


@dataclass(frozen=True, slots=True)
class Offers:
    """The services and teams that a line may name."""

    services: Mapping[str, Service]
    teams: Mapping[str, Team]

    def service(self, said: str) -> Service | None:
        """The service that is called so."""
        return _called(said, self.services)

    def team(self, said: str) -> Team | None:
        """The team that is called so."""
        return _called(said, self.teams)


NOTHING = Offers(MappingProxyType({}), MappingProxyType({}))


def offers(house: House) -> Offers:
    """What can be named in a house."""
    return Offers(house.offered, house.teams)


def _called(said: str, known: Mapping[str, T]) -> T | None:
    found = known.get(said.lower())
    if found is not None and not found.retired:
        return found
    name = _dashed(said)
    called = [each for each in known.values() if not each.retired and _dashed(each.name) == name]
    return called[0] if len(called) == 1 else None


@lru_cache(maxsize=4096)
def _dashed(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
