"""The steps in the life of a request: each is permitted, made, kept, and told to those it concerns."""

from dataclasses import replace

from handlers import absence, csat, lifecycle, routing, targets
from handlers.intake import card_key
from handlers.intents import (
    AnyNews,
    Ask,
    Caller,
    Cancel,
    Decline,
    Follow,
    Give,
    Note,
    Reopen,
    Resolve,
    Snooze,
    Take,
    WaitOn,
    WaitUntil,
)
from handlers.may import sent_to_person
from handlers.notices import Answer, Notice, Span, When, Words
from handlers.turn import (
    Turn,
    audience,
    in_future,
    keep,
    permitted,
    real,
    refuse,
    relay,
    seen,
    shown,
    tell,
    tell_desk,
)
from handlers.worktime import working_day_later
from storage import history, people, posts, requests
from storage.records import Person, PersonId, PlaceId, PostKind, Request, Status, WaitingOn


def take(turn: Turn, intent: Take) -> Notice:
    """I own it. Taking what somebody else has is refused: they can give it."""
    before = permitted(turn, intent.number, "take")
    mine = before.owner == turn.person.id
    if before.owner and not mine:
        raise refuse(
            turn.mention(before.owner),
            f" already has #{before.number}. They can say give {before.number} to hand it to you.",
            card=shown(turn, before),
        )
    promise = in_future(turn, intent.promise)
    if mine and before.status is Status.TAKEN and (promise is None or promise == before.promise):
        return Answer(words=(f"#{before.number} is already yours.",), card=shown(turn, before))
    after = lifecycle.take(before, turn.person.id, promise, turn.now)
    verb = "promise" if promise and mine and before.status is Status.TAKEN else "take"
    after, line = keep(turn, before, after, verb, fact=str(promise or ""))
    tell(turn, after, line, audience(after))
    promised: Words = (", promised by ", turn.when(promise)) if promise else ()
    return Answer(words=(f"#{after.number} is yours", *promised, "."))


def give(turn: Turn, intent: Give) -> Notice:
    """Hand it to a colleague. A request sent to a person moves into the new owner's direct messages."""
    before = permitted(turn, intent.number, "give")
    receiver = people.get(turn.tx, turn.org, intent.to)
    if receiver is not None and (receiver.bot or not receiver.active):
        gone = "is a bot" if receiver.bot else "has left"
        raise refuse(
            f"{receiver.name} {gone}, so #{before.number} stays as it is. Name another colleague.", field="to"
        )
    if receiver is not None and receiver.is_away(turn.now):
        raise refuse(*absence.told(turn, receiver), f". #{before.number} stays as it is.", field="to")
    if before.owner == intent.to:
        raise refuse(
            turn.mention(intent.to), f" already has #{before.number}.", card=shown(turn, before), field="to"
        )
    people.meet(turn.tx, turn.org, receiver or Person(id=intent.to, name=intent.to, known=False))
    after = lifecycle.give(before, intent.to, turn.now)
    if sent_to_person(before):
        after = _to_direct_messages(turn, after, intent.to)
    after, line = keep(turn, before, after, "give", text=intent.why, fact=intent.to)
    tell(turn, after, line, (intent.to, before.owner or "", *audience(after)))
    return Answer(words=(f"#{after.number} is now with ", turn.mention(intent.to), "."))


def ask(turn: Turn, intent: Ask) -> Notice:
    """It waits on the requester, who is told."""
    before = permitted(turn, intent.number, "ask")
    if turn.person.id == before.requester:
        raise refuse(
            f"You asked for #{before.number} yourself. Add a note instead.",
            usage=(f"note {before.number} <text>",),
        )
    after = lifecycle.ask(before, intent.question, turn.now)
    after, line = keep(turn, before, after, "ask", text=intent.question)
    tell(turn, after, line, audience(after))
    tell_desk(turn, after, line)
    return Answer(words=(turn.mention(after.requester), f" is asked. #{after.number} waits for the answer."))


def wait_until(turn: Turn, intent: WaitUntil) -> Notice:
    """Pause until a date."""
    before = permitted(turn, intent.number, "wait")
    until = in_future(turn, intent.until)
    assert until is not None
    after = lifecycle.wait_until(before, until.instant(), turn.now)
    after, line = keep(turn, before, after, "wait until", fact=str(until))
    tell(turn, after, line, audience(after))
    return Answer(words=(f"#{after.number} is paused until ", turn.when(until), "."))


def wait_on(turn: Turn, intent: WaitOn) -> Notice:
    """Pause until another request is resolved."""
    before = permitted(turn, intent.number, "wait")
    other = seen(turn, intent.other)
    if other.status in lifecycle.ENDED:
        raise refuse(f"#{other.number} is already {other.status}; there is nothing to wait for.")
    if _waits_for(turn, other, before.number):
        raise refuse(
            f"#{other.number} itself waits for #{before.number}; they would wait for each other for ever."
        )
    after = lifecycle.wait_on(before, other.number, turn.now)
    after, line = keep(turn, before, after, "wait on", fact=str(other.number))
    tell(turn, after, line, audience(after))
    return Answer(words=(f"#{after.number} waits until #{other.number} is resolved.",))


def note(turn: Turn, intent: Note, said_in: PlaceId = "") -> Notice:
    """Add to the conversation. The requester's word resumes a request that waited for it.

    It is carried to everybody it concerns but those who read it where it was `said_in`.
    """
    verb = "whisper" if intent.team_only else "note"
    before = permitted(turn, intent.number, verb)
    if intent.team_only:
        keep(turn, before, before, "whisper", text=intent.text, team_only=True)
        return Answer(words=(f"Kept with #{before.number}, for the team alone.",))
    asks = turn.person.id in (before.requester, before.filed_by)
    after = lifecycle.note(before, intent.text, turn.person.id, turn.now)
    answered = asks and before.waiting_on is WaitingOn.REQUESTER
    if answered:
        after = lifecycle.resume(after, turn.now)
    elif not asks:
        after = lifecycle.responded(after, turn.now)
    after, line = keep(turn, before, after, "answer" if answered else "note", text=intent.text)
    for place in dict.fromkeys((after.place, *audience(after))):
        if place != said_in:
            relay(turn, after, line, place)
    goes_on = f" #{after.number} goes on." if answered else ""
    return Answer(words=(f"Added to #{after.number}.{goes_on}",))


def resolve(turn: Turn, intent: Resolve) -> Notice:
    """It is done: the requester is asked how it was, and what waited for it goes on."""
    before = permitted(turn, intent.number, "resolve")
    after = lifecycle.resolve(before, intent.done, turn.person.id, turn.now)
    after, line = keep(turn, before, after, "resolve", text=intent.done)
    asked = csat.ask(turn, after, turn.person.id)
    informed = audience(after)[1:] if asked else audience(after)
    tell(turn, after, line, informed)
    wake_those_waiting(turn, after)
    told: Words = (turn.mention(after.requester), " will be asked how it was.") if asked else ()
    return Answer(words=(f"#{after.number} is resolved. ", *told))


def reopen(turn: Turn, intent: Reopen) -> Notice:
    """It is not done after all; the resolution clock goes on from where it stopped."""
    before = permitted(turn, intent.number, "reopen")
    owner = people.get(turn.tx, turn.org, real(turn.tx, turn.house, before.owner)) if before.owner else None
    stopped = before.ended_at or turn.now
    resolve_by = targets.later(before, turn.house, stopped, turn.now)
    csat.withdraw_question(turn, before)
    served = replace(before, owner=owner.id) if owner else before
    after = lifecycle.reopen(served, owner is not None and owner.active, resolve_by, turn.now)
    choice = routing.NOBODY if after.owner else routing.instead(turn, after, left=owner is not None)
    after, line = keep(turn, before, routing.given(after, choice), "reopen", text=intent.why)
    tell(turn, after, line, audience(after))
    tell_desk(turn, after, line)
    routing.settled(turn, after, choice, audience(after))
    return Answer(words=(f"#{after.number} is open again.",))


def cancel(turn: Turn, intent: Cancel) -> Notice:
    """The requester no longer needs it."""
    before = permitted(turn, intent.number, "cancel")
    after, line = keep(turn, before, lifecycle.cancel(before, turn.person.id, turn.now), "cancel")
    tell(turn, after, line, audience(after))
    tell_desk(turn, after, line)
    wake_those_waiting(turn, after)
    return Answer(words=(f"#{after.number} is cancelled.",))


def decline(turn: Turn, intent: Decline) -> Notice:
    """The team will not do it, and says why."""
    before = permitted(turn, intent.number, "decline")
    after = lifecycle.decline(before, intent.why, turn.person.id, turn.now)
    after, line = keep(turn, before, after, "decline", text=intent.why)
    tell(turn, after, line, audience(after))
    wake_those_waiting(turn, after)
    return Answer(words=(f"#{after.number} is declined. ", turn.mention(after.requester), " hears why."))


def any_news(turn: Turn, intent: AnyNews) -> Notice:
    """The requester asks how it goes: at most once a working day for each request."""
    before = permitted(turn, intent.number, "nudge")
    last = history.last(turn.tx, turn.org, before.number, "nudge")
    if last is not None:
        again = working_day_later(turn.house.clock_of(before), last.at, 1)
        if turn.now < again:
            raise refuse(
                f"You asked for news of #{before.number} already. You can ask again ",
                When(again, turn.zone),
                ".",
            )
    _, line = keep(turn, before, before, "nudge")
    tell_desk(turn, before, line)
    asked: tuple[Span, ...] = (turn.mention(before.owner),) if before.owner else ("The team",)
    return Answer(words=(*asked, f" is asked for news of #{before.number}."))


def snooze(turn: Turn, intent: Snooze) -> Notice:
    """Park it: no nudges until then; the requester sees why on the card."""
    before = permitted(turn, intent.number, "snooze")
    until = in_future(turn, intent.until)
    assert until is not None
    after = lifecycle.snooze(before, until.instant(), intent.why, turn.now)
    after, _ = keep(turn, before, after, "snooze", text=intent.why, fact=str(until))
    return Answer(words=(f"#{after.number} is parked until ", turn.when(until), "."))


def follow(turn: Turn, intent: Follow) -> Notice:
    """Keep me informed, or no longer."""
    before = permitted(turn, intent.number, "follow")
    me = turn.person.id
    others = tuple(person for person in before.followers if person != me)
    after = lifecycle.followed_by(before, (*others, me) if intent.on else others)
    if after != before:
        keep(turn, before, after, "follow" if intent.on else "unfollow")
    told = "You will hear how it goes with" if intent.on else "You no longer follow"
    return Answer(words=(f"{told} #{before.number}.",))


def wake_those_waiting(turn: Turn, ended: Request) -> None:
    """What waited for this one goes on; its owners hear."""
    for before in requests.waiting_for(turn.tx, turn.org, ended.number):
        by_clock = Turn(turn.tx, turn.house, _because(turn), turn.person, turn.now)
        after, line = keep(
            by_clock, before, lifecycle.resume(before, turn.now), "resume", fact=str(ended.number)
        )
        tell(by_clock, after, line, audience(after))
        tell_desk(by_clock, after, line)


def _to_direct_messages(turn: Turn, request: Request, owner: PersonId) -> Request:
    """A request between two people follows its owner: a card for the new one; the old one stays."""
    key = card_key(request.number, owner)
    posts.owe(turn.tx, turn.org, key, PostKind.CARD, owner, turn.now, number=request.number)
    return lifecycle.moved_to(request, owner)


def _waits_for(turn: Turn, request: Request, number: int) -> bool:
    """Whether a request waits, directly or through others, for the one of that number."""
    met: set[int] = set()
    upstream: Request | None = request
    while upstream is not None and upstream.number not in met:
        if upstream.number == number or upstream.waiting_request == number:
            return True
        met.add(upstream.number)
        following = upstream.waiting_request
        upstream = requests.get(turn.tx, turn.org, following) if following else None
    return False


def _because(turn: Turn) -> Caller:
    return Caller(person="", source=turn.caller.source)
