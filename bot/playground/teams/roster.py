"""Who is in a conversation, and what is in a team, in the words of the Bot Connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.records import Json

from . import limits, refusals
from .records import Person, Team

if TYPE_CHECKING:
    from .tenant import Tenant


def member(tenant: Tenant, conversation: str, id: str) -> Json:
    """One person, by the id the bot knows them by or that of the directory."""
    for each in tenant.members(conversation):
        person = tenant.people[each]
        if id in (person.id, person.object_id):
            return shape(tenant, person)
    raise refusals.no_member()


def members(tenant: Tenant, conversation: str) -> list[Json]:
    """Everybody; the bot does not count itself."""
    return [shape(tenant, tenant.people[each]) for each in tenant.members(conversation)]


def page(tenant: Tenant, conversation: str, size: str, token: str) -> Json:
    """A page of everybody, with the token of the next if there is one."""
    if not (size or "0").isdecimal() or not (token or "0").isdecimal():
        raise refusals.malformed("pageSize must be a number, and the token one of ours")
    wanted = max(int(size or limits.PAGE_MOST), limits.PAGE_LEAST)
    most, begin = min(wanted, tenant.page_most), int(token or 0)
    everybody = members(tenant, conversation)
    shown: Json = {"members": everybody[begin : begin + most]}
    return shown if begin + most >= len(everybody) else {**shown, "continuationToken": str(begin + most)}


def team(team: Team) -> Json:
    """A team."""
    return {"id": team.id, "name": team.name, "aadGroupId": team.group}


def channels(tenant: Tenant, team: Team) -> list[Json]:
    """A team's channels; the first has the team's id, and no name."""
    there = [each for each in tenant.conversations.values() if each.team == team.id and not each.gone]
    return [
        {"id": each.id, **({} if each.id == team.id else {"name": each.name}), "type": "standard"}
        for each in there
    ]


def shape(tenant: Tenant, person: Person) -> Json:
    """A person as the roster describes them."""
    given, _, surname = person.name.partition(" ")
    return {
        "id": person.id,
        "name": person.name,
        "objectId": person.object_id,
        "aadObjectId": person.object_id,
        "givenName": given,
        "surname": surname,
        "email": person.email,
        "userPrincipalName": person.email,
        "tenantId": tenant.id,
        "userRole": "user",
    }
