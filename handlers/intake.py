"""Filing: a draft becomes a request with a number, a place for its card, times, and two cards owed.

Who gets it when nobody was asked by name, `handlers.routing` says.
"""

from dataclasses import replace

from handlers import absence, nudges, questions, routing, targets
from handlers.asking import request_form
from handlers.filing import Unclear, entitle
from handlers.intents import Draft, File, OpenRequestForm
from handlers.language import show_mentions
from handlers.notices import Button, Filed, Form, Notice, Words
from handlers.turn import Turn, in_future, real, refuse, write, write_need
from storage import history, people, posts, requests
from storage.records import Entry, Person, PersonId, PlaceId, PostKind, Request, Service, Status, Team


def open_form(turn: Turn, intent: OpenRequestForm) -> Form:
    """The form for a new request, with what is known already."""
    draft = intent.draft
    text, details = _named(turn, draft.text), _named(turn, draft.details)
    try:
        title, _ = entitle(text or details)
    except Unclear:
        title = text
    return request_form(replace(draft, text=title, details=details), turn.house)


def file(turn: Turn, intent: File) -> Notice:
    """Keep a new request. Raises `Repeated` when this delivery was kept before."""
    try:
        draft = _entitled(turn, intent.draft)
    except Unclear as unclear:
        raise refuse(str(unclear), field="text") from None
    service = _service(turn, draft)
    draft = replace(draft, needed_by=in_future(turn, draft.needed_by))
    requester = _colleague(turn, draft.behalf, "behalf") if draft.behalf else turn.person
    asked = _colleague(turn, draft.to, "to") if draft.to else None
    owner = _here(turn, draft, asked)
    team = _team(turn, draft, service)
    request = replace(
        _request(turn, draft, requester, owner),
        team=team.key,
        service=service.key if service else "",
        answers=_answers(turn, draft, service),
    )
    choice = routing.NOBODY if owner else routing.choose(turn.tx, turn.house, request, turn.now)
    place = _place(turn, draft, owner, team, choice.person)
    request = _kept(turn, routing.given(request, choice), place)
    routing.settled(turn, request, choice)
    if asked is None or not asked.is_away(turn.now):
        return filed(turn, request)
    write(turn, request.number, "away", fact=asked.id, delivery=False)
    answer = filed(turn, request)
    return replace(answer, words=(*absence.told(turn, asked), ". ", *answer.words))


def filed(turn: Turn, request: Request) -> Filed:
    """What the person is told: the number, who will see it, and where to follow it."""
    return Filed(
        number=request.number,
        title=request.title,
        words=_where(turn, request),
        buttons=(Button("Show", f"show {request.number}"), _cancel(request.number)),
    )


def _entitled(turn: Turn, draft: Draft) -> Draft:
    """A title of one line, and details that say more than the title does."""
    title, details = entitle(_named(turn, draft.text), _named(turn, draft.details))
    return replace(draft, text=title, details=details if details != title else "")


def _request(turn: Turn, draft: Draft, requester: Person, owner: Person | None) -> Request:
    """As it was asked for; it has no number yet, and no place."""
    return Request(
        number=0,
        status=Status.OPEN,
        title=draft.text,
        details=draft.details,
        priority=draft.priority,
        private=draft.private,
        requester=requester.id,
        filed_by=turn.person.id,
        followers=(turn.person.id,) if requester.id != turn.person.id else (),
        owner=owner.id if owner else None,
        place="",
        origin=draft.origin,
        needed_by=draft.needed_by,
        filed_at=turn.now,
        moved_at=turn.now,
    )


def _kept(turn: Turn, request: Request, place: PlaceId) -> Request:
    """With its number, in its place, with its times; and kept."""
    number = requests.next_number(turn.tx, turn.org)
    request = _timed(turn, replace(request, number=number, place=place))
    requests.add(turn.tx, turn.org, request)
    _remember(turn, request)
    write_need(turn, request)
    return request


def _timed(turn: Turn, request: Request) -> Request:
    """With what its team owes, and when the clock looks first."""
    respond_by, resolve_by = targets.times(request, turn.house, turn.now)
    look = nudges.first_look(request, turn.house)
    return replace(request, respond_by=respond_by, resolve_by=resolve_by, nudge_at=look)


def _remember(turn: Turn, request: Request) -> None:
    """The first line of its history, and one card for each place that shows it."""
    entry = Entry(
        number=request.number,
        at=turn.now,
        who=turn.person.id,
        verb="file",
        source=turn.caller.source,
        key=turn.caller.key,
    )
    history.append(turn.tx, turn.org, entry)
    for place in dict.fromkeys((request.place, request.requester)):
        posts.owe(
            turn.tx,
            turn.org,
            card_key(request.number, place),
            PostKind.CARD,
            place,
            turn.now,
            number=request.number,
        )


def card_key(number: int, place: PlaceId) -> str:
    """The key of a request's one card in a place."""
    return f"card:{number}:{place}"


def _colleague(turn: Turn, person: PersonId, field: str) -> Person:
    """Somebody who can be asked: a colleague who is still here, and no bot."""
    known = people.get(turn.tx, turn.org, person) or Person(id=person, name=person, known=False)
    if known.bot:
        raise refuse(f"{known.name} is a bot and cannot be asked. Name a colleague, or nobody.", field=field)
    if not known.active:
        raise refuse(
            f"{known.name} has left, so nobody would see it. Name a colleague who is still here, or nobody.",
            field=field,
        )
    people.meet(turn.tx, turn.org, known)
    return known


def _service(turn: Turn, draft: Draft) -> Service | None:
    """What is asked for; refused when nobody offers it any more."""
    if not draft.service:
        return None
    service = turn.house.offered.get(draft.service)
    if service is None:
        raise refuse(f"Nobody offers “{draft.service}” any more.", usage=("services",), field="service")
    return service


def _team(turn: Turn, draft: Draft, service: Service | None) -> Team:
    """Who serves it: who offers the service, or the team that was named, else the desk.

    What is sent to a person, without naming a service, is between the two.
    """
    if service is not None:
        return turn.house.team(service.team)
    return turn.house.desk if draft.to else turn.house.team(draft.team)


def _answers(turn: Turn, draft: Draft, service: Service | None) -> tuple[tuple[str, str], ...]:
    """What the service's own fields were filled with, in words; refused when one is wrong."""
    if service is None:
        return ()

    def name_of(person: PersonId) -> str:
        return turn.mention(real(turn.tx, turn.house, person)).name

    try:
        return questions.answers(service, dict(draft.filled), name_of)
    except questions.WrongAnswer as wrong:
        raise refuse(wrong.why, field=wrong.field) from None


def _here(turn: Turn, draft: Draft, asked: Person | None) -> Person | None:
    """Who does it: the colleague asked, or while they are away their cover, else the team.

    What is private was meant for them alone, and waits; so does what no team would see.
    """
    if asked is None or draft.private or not asked.is_away(turn.now):
        return asked
    cover = absence.stand_in(turn.tx, turn.house, asked, turn.now)
    return cover or (None if turn.house.triage or turn.caller.place else asked)


def _place(turn: Turn, draft: Draft, asked: Person | None, team: Team, chosen: Person | None) -> PlaceId:
    """Where the card goes: to the person asked, the triage channel, the channel it was typed in; else to
    who was chosen for it, or the lead."""
    if asked is not None and not draft.service:
        return asked.id
    if team.place:
        return team.place
    if lead := team.lead if team.key else None:
        return lead
    if turn.house.triage:
        return turn.house.triage
    if turn.caller.place and not draft.private:
        return turn.caller.place
    if chosen is not None:
        return chosen.id
    if turn.house.lead:
        return turn.house.lead
    if draft.private:
        raise refuse("A private request needs somebody to go to. Name a colleague, like @bob.", field="to")
    raise refuse(
        "Nobody would see it from here. Name a colleague, like @bob, or type it in a channel.", field="to"
    )


def _named(turn: Turn, text: str) -> str:
    """People mentioned in the text, by their names."""

    def name_of(person: PersonId) -> str:
        return turn.mention(real(turn.tx, turn.house, person)).name

    return show_mentions(text, name_of)


def _where(turn: Turn, request: Request) -> Words:
    """Who sees it now, and where the answer will come."""
    if request.owner == turn.person.id:
        return (f"#{request.number} is kept, for yourself.",)
    if request.owner:
        return (
            f"#{request.number} is with ",
            turn.mention(request.owner),
            ". You will hear in your direct messages.",
        )
    team = turn.house.team_of(request).name
    return (f"#{request.number} is with {team}. You will hear in your direct messages.",)


def _cancel(number: int) -> Button:
    return Button("Cancel", f"cancel {number}", "danger")
