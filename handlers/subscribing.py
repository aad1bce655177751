"""Which channels get the digest, and when: subscriptions, as people make and end them.

1. A channel has one subscription. What `DESKBELL_DIGEST` names is subscribed until somebody says otherwise;
   what somebody says wins, also after a restart.
2. Who is in a channel may subscribe it, which we know when they say so there; the leads may subscribe any.
3. It is owed once for each channel and ISO week of its due time on its own clock: the key of the post says
   so, whatever restarts, and however many look. Who changes the day gets the next in a week that has none.
4. After a time of rest only the latest is owed: nobody wants last month's.
5. A due time that the clocks skip is as much later as they skip; one that they show twice is the first.
6. Nothing is owed that was due before the subscription was made.
7. A channel that is archived or gone gets none; who leads is told once. It gets them again when somebody
   subscribes it anew, or when the bot hears that it is back.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from handlers.digest_intents import OpenSubscription, Subscribe, Unsubscribe
from handlers.digest_lines import DAYS
from handlers.house import House, Subscription, is_zone, local
from handlers.isoweeks import week_of
from handlers.may import Desk, may_subscribe
from handlers.naming import offers
from handlers.notices import Answer, Button, Field, Form, News, Notice, When
from handlers.offering import place_named
from handlers.turn import Turn, real, refuse
from storage import catalogue, people, posts, subscriptions
from storage.records import PersonId, PlaceId, Post, PostKind
from storage.subscriptions import Kept
from storage.types import WallTime

WEEK = timedelta(days=7)
MONDAY, NINE = 0, time(9)
BY_SOMEBODY = "unsubscribed"
"""Why a channel gets none: somebody said so. Other reasons are a platform's words."""
LOST = "lost "
"""How the `ref` of the post begins that tells a lead; the channel follows."""
MOST_OPTIONS = 90


def everything(tx: Connection, house: House) -> dict[PlaceId, Subscription]:
    """Every subscription by its channel: case 1."""
    kept = subscriptions.everything(tx, house.org)
    found = {one.place: one for one in reversed(house.digests) if one.place not in kept}
    found |= {place: _subscription(one) for place, one in kept.items() if not one.stopped}
    return found


def owe_due(tx: Connection, house: House, now: datetime) -> None:
    """Owe every digest that is due, unless it is owed or said already: cases 3 to 6."""
    known = subscriptions.everything(tx, house.org)
    settled = [one for one in house.digests if one.place not in known]
    for subscription in (*settled, *(_subscription(one) for one in known.values() if not one.stopped)):
        owe(tx, house, subscription, now)


def owe(tx: Connection, house: House, subscription: Subscription, now: datetime) -> None:
    """Owe the digest that was due last."""
    due = latest_due(subscription, now)
    if subscription.since is not None and due < subscription.since:
        return
    key = f"digest:{subscription.place}:{week_of(due, subscription.zone)}"
    posts.owe(tx, house.org, key, PostKind.DIGEST, subscription.place, now, ref=due.isoformat())


def latest_due(subscription: Subscription, now: datetime) -> datetime:
    """The last moment up to `now` when the channel's digest was due, by the wall clock of its zone."""
    today = local(now, subscription.zone).date()
    day = today - timedelta(days=(today.weekday() - subscription.weekday) % 7)
    due = WallTime(datetime.combine(day, subscription.at), subscription.zone).instant()
    if due <= now:
        return due
    earlier = datetime.combine(day - WEEK, subscription.at)
    return WallTime(earlier, subscription.zone).instant()


def next_due(subscription: Subscription, now: datetime) -> datetime:
    """The first moment after `now` when it is due."""
    after = latest_due(subscription, now)
    while after <= now:
        later = local(after, subscription.zone).date() + WEEK
        after = WallTime(datetime.combine(later, subscription.at), subscription.zone).instant()
    return after


def subscribe(turn: Turn, intent: Subscribe) -> Notice:
    """A channel gets the digest from now on: case 2."""
    place = _channel(turn, intent.channel)
    if intent.zone and not is_zone(intent.zone):
        raise refuse(f"There is no time zone “{intent.zone}”; one is called Europe/Stockholm.", field="zone")
    team, service = about(turn, intent.team, intent.service)
    subscription = Subscription(
        place,
        MONDAY if intent.weekday is None else intent.weekday,
        intent.at or NINE,
        intent.zone or turn.house.zone,
        team,
        service,
        turn.now,
    )
    _keep(turn, subscription)
    first = next_due(subscription, turn.now)
    return Answer(
        words=(
            f"{_called(turn, place)} gets the digest {_when(subscription)}{_of(turn, subscription)}. "
            "The first one comes on ",
            When(first, subscription.zone),
            ".",
        ),
        buttons=(
            Button("Preview", f"digest preview {_named(turn, place)}"),
            Button("Change …", f"digest subscribe {_named(turn, place)} …"),
        ),
    )


def unsubscribe(turn: Turn, intent: Unsubscribe) -> Notice:
    """A channel gets no digest any more."""
    place = _channel(turn, intent.channel)
    known = everything(turn.tx, turn.house).get(place)
    if known is None:
        raise refuse(f"{_called(turn, place)} gets no digest.", usage=("digest subscribe",))
    _keep(turn, known, stopped=BY_SOMEBODY)
    return Answer(words=(f"{_called(turn, place)} gets no digest any more.",))


def open_form(turn: Turn, intent: OpenSubscription) -> Form:
    """A channel's subscription to fill in, as it stands or as it is for everybody."""
    here = turn.caller.place
    named = the_place(turn, intent.channel) if intent.channel or _is_channel(here) else None
    known = everything(turn.tx, turn.house).get(named or "")
    standing = known or Subscription(named or "", MONDAY, NINE, turn.house.zone)
    return Form(
        name="digest",
        title="The weekly digest",
        submit="Subscribe",
        fields=(
            Field(
                "channel",
                "Which channel?",
                initial=_in_full(turn, named) if named else None,
                placeholder="#general",
                hint="One that you are in; open this form there. Who leads can choose any.",
                max_length=500,
            ),
            Field("weekday", "On which day?", "choice", initial=str(standing.weekday), options=_days()),
            Field("time", "At", "time", initial=f"{standing.at:%H:%M}"),
            Field("zone", "On whose clock?", initial=standing.zone, max_length=60),
            Field("about", "About what?", "choice", initial=_value(standing), options=scopes(turn.house)),
        ),
        intro=(f"At present: {_when(known)}{_of(turn, known)}.",) if known else (),
    )


def lost(tx: Connection, house: House, place: PlaceId, why: str, now: datetime) -> None:
    """Nothing can be said in a channel any more: case 7."""
    known = everything(tx, house).get(place)
    if known is None:
        return
    before = subscriptions.everything(tx, house.org).get(place)
    by = before.by if before else ""
    subscriptions.keep(tx, house.org, _kept(known, now, by, why))
    lead = _who_hears(tx, house, known, by)
    if lead:
        key = f"digest:lost:{place}:{now.isoformat()}"
        posts.owe(tx, house.org, key, PostKind.DIGEST, lead, now, ref=LOST + place)


def found(tx: Connection, house: House, place: PlaceId, now: datetime) -> None:
    """A channel is back: case 7."""
    kept = subscriptions.everything(tx, house.org).get(place)
    if kept is not None and kept.stopped not in ("", BY_SOMEBODY):
        subscriptions.keep(tx, house.org, replace(kept, stopped="", since=now))


def tell_lost(tx: Connection, house: House, post: Post) -> News:
    """What a lead is told of a channel that gets no digest any more."""
    place = post.ref.removeprefix(LOST)
    name = _name_of(tx, house, place)
    words = (
        f"The weekly digest can’t be posted in {name} any more: the channel is archived or gone, or I was "
        "removed from it. To have it elsewhere, say “digest subscribe” in another channel.",
    )
    return News(words, (Button("Subscribe a channel …", "digest …"),))


def scope_name(house: House, team: str, service: str) -> str:
    """What a digest is about, by name; empty when it is about everybody."""
    if service:
        known = house.services.get(service)
        return known.name if known else service
    return (house.teams[team].name if team in house.teams else team) if team else ""


def about(turn: Turn, team: str, service: str) -> tuple[str, str]:
    """The keys of the team and the service that are named so; refused when there is none such."""
    known = offers(turn.house)
    if service and known.service(service) is None and service not in turn.house.services:
        raise refuse(f"There is no service “{service}”.", usage=("services",), field="about")
    if team and known.team(team) is None and team not in turn.house.teams:
        raise refuse(f"There is no team “{team}”.", usage=("teams",), field="about")
    one, other = known.team(team), known.service(service)
    return (one.key if one else team), (other.key if other else service)


def _channel(turn: Turn, named: str) -> PlaceId:
    """The channel that is meant; refused where this person may not subscribe it."""
    place = the_place(turn, named)
    inside = turn.caller.place.partition("/")[0] == place or people.belongs(
        turn.tx, turn.org, place, turn.person.id, linked=turn.house.link_people
    )
    if why := may_subscribe(turn.person, inside, Desk(admin=_leads(turn))):
        raise refuse(why, field="channel")
    return place


def the_place(turn: Turn, named: str) -> PlaceId:
    """The channel that is named, or the one somebody is in; refused when the bot is not there."""
    place = place_named(turn.tx, turn.house, named) if named else turn.caller.place.partition("/")[0]
    if named and place is None:
        raise refuse(
            f"I know no channel “{named}”. Invite me there first, or say it in the channel.",
            field="channel",
        )
    if not place or not _is_channel(place):
        raise refuse(
            "Say which channel, or say it in the channel itself.",
            usage=("digest subscribe #general",),
            field="channel",
        )
    here = {channel.place for channel in catalogue.all_channels(turn.tx, turn.org)}
    platform = place.partition(":")[0]
    if place not in here and any(one.startswith(f"{platform}:") for one in here):
        raise refuse("I am not in that channel. Invite me there first, then say it again.", field="channel")
    return place


def _is_channel(place: PlaceId) -> bool:
    """Whether it is no person's direct messages with the bot."""
    platform, _, id = place.partition("/")[0].partition(":")
    return bool(id) and (id[:1] in "CG" if platform == "slack" else id.startswith("19:"))


def _leads(turn: Turn) -> PersonId | None:
    """This person, when they lead a team or everybody."""
    leads = (turn.house.lead, *(team.lead for team in turn.house.teams.values() if not team.retired))
    known = {real(turn.tx, turn.house, one) for one in leads if one}
    return turn.person.id if turn.person.id in known else None


def _keep(turn: Turn, subscription: Subscription, stopped: str = "") -> None:
    kept = _kept(subscription, turn.now, turn.person.id, stopped)
    subscriptions.keep(turn.tx, turn.org, kept)


def _kept(one: Subscription, since: datetime, by: PersonId, stopped: str) -> Kept:
    at = one.at.isoformat("minutes")
    return Kept(one.place, one.weekday, at, one.zone, one.team, one.service, since, by, stopped)


def _subscription(kept: Kept) -> Subscription:
    """As it is meant. A zone that is gone from the libraries counts as UTC."""
    zone = kept.zone if is_zone(kept.zone) else "UTC"
    at = time.fromisoformat(kept.at)
    return Subscription(kept.place, kept.weekday, at, zone, kept.team, kept.service, kept.since)


def _who_hears(tx: Connection, house: House, one: Subscription, by: PersonId) -> PersonId | None:
    """Who is told that a channel is lost: the lead of its team, else everybody's, else who subscribed it."""
    service = house.services.get(one.service)
    team = house.teams.get(one.team or (service.team if service else ""))
    for person in (team.lead if team else None, house.lead, by):
        known = people.get(tx, house.org, person) if person else None
        if known is not None and known.active:
            return known.id
    return None


def _named(turn: Turn, place: PlaceId) -> str:
    """How a line names a channel: by its name where that is one word, else by what we call it."""
    named = _name_of(turn.tx, turn.house, place)
    return named if named.startswith("#") and len(named.split()) == 1 else place


def _in_full(turn: Turn, place: PlaceId) -> str:
    """How a form names a channel: by its name, of however many words."""
    named = _name_of(turn.tx, turn.house, place)
    return named if named.startswith("#") else place


def _called(turn: Turn, place: PlaceId) -> str:
    name = _name_of(turn.tx, turn.house, place)
    return name[0].upper() + name[1:]


def _name_of(tx: Connection, house: House, place: PlaceId) -> str:
    name = next((one.name for one in catalogue.all_channels(tx, house.org) if one.place == place), "")
    return f"#{name}" if name else "the channel"


def _when(one: Subscription) -> str:
    return f"on {DAYS[one.weekday].capitalize()}s at {one.at:%H:%M} ({one.zone})"


def _of(turn: Turn, one: Subscription) -> str:
    name = scope_name(turn.house, one.team, one.service)
    return f", about {name}" if name else ""


def _days() -> tuple[tuple[str, str], ...]:
    return tuple((str(number), name.capitalize()) for number, name in enumerate(DAYS))


def _value(one: Subscription) -> str:
    return f"service:{one.service}" if one.service else f"team:{one.team}" if one.team else "everything"


def scopes(house: House) -> tuple[tuple[str, str], ...]:
    """What numbers can be about, to choose from: "team:flowers" and its name."""
    teams = [(f"team:{key}", f"Team {one.name}") for key, one in house.teams.items() if not one.retired]
    services = [
        (f"service:{key}", f"Service {one.name}") for key, one in house.services.items() if not one.retired
    ]
    return (("everything", "Everything"), *(teams + services)[:MOST_OPTIONS])
