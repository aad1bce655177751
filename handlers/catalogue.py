"""The catalogue as every decision reads it: teams and services, the latest that was kept."""

from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import Connection

from handlers.house import House
from storage import catalogue, people
from storage.records import PersonId, Team


def current(tx: Connection, house: House) -> House:
    """The house with its catalogue as it is now: the same one when nothing has changed."""
    revision = catalogue.revision(tx, house.org)
    if revision == house.catalogue:
        return house
    teams = catalogue.all_teams(tx, house.org)
    return replace(
        house,
        teams=MappingProxyType({key: _by_person(tx, house, team) for key, team in teams.items()}),
        services=MappingProxyType(catalogue.all_services(tx, house.org)),
        catalogue=revision,
    )


def _by_person(tx: Connection, house: House, team: Team) -> Team:
    """The team with its people, whichever of their accounts the catalogue names."""
    if not house.link_people:
        return team

    def person(account: PersonId) -> PersonId:
        known = people.get(tx, house.org, account)
        return (known.same_as if known else None) or account

    return replace(
        team,
        lead=person(team.lead) if team.lead else None,
        rota=tuple(map(person, team.rota)),
        members=tuple(dict.fromkeys(map(person, team.members))),
    )
