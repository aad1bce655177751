"""The desk: an intent comes in, a notice goes out. Each rule stands where its name is imported from.

`handle` runs inside a transaction that somebody else commits. It raises `Repeated` when this very delivery
was kept before, and `Stale` when somebody was faster: both mean that nothing was kept now.
"""

from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar, assert_never

from sqlalchemy import Connection

from handlers import (
    absence,
    behind,
    catalogue_intents,
    catalogue_pages,
    conversation,
    csat,
    digest,
    digest_intents,
    editing,
    forms,
    intake,
    intents,
    language,
    listing,
    moving,
    personal,
    poll_intents,
    recovery,
    reporting,
    rota,
    steps,
    subscribing,
)
from handlers.catalogue_intents import CatalogueIntent
from handlers.digest_intents import DigestIntent
from handlers.house import House
from handlers.intents import Caller, Intent
from handlers.language import show_mentions
from handlers.naming import offers
from handlers.notices import Answer, Nothing, Notice, Refused
from handlers.turn import Refusal, Turn, mention, opened, permitted, real
from storage import history, people, requests
from storage.records import PersonId

T = TypeVar("T", bound=Intent)

TEXTS = frozenset({"text", "question", "done", "why", "comment", "words"})
"""The fields of intents that hold what people wrote; people mentioned in them are kept by name."""


def say(
    tx: Connection, house: House, caller: Caller, line: str, now: datetime, *, chat: bool = False
) -> Notice:
    """Carry out a typed line, or a button's. In a `chat` with the bot a greeting is no request."""

    near = (caller.account or caller.person).partition(":")[0]

    def find(handle: str) -> PersonId | None:
        found = people.by_handle(tx, house.org, handle, near)
        return found.id if found else None

    turn = opened(tx, house, caller, now)
    return _carry_out(turn, language.read(line, now, turn.zone, find, offers(house), chat=chat))


def fill(
    tx: Connection,
    house: House,
    caller: Caller,
    form: str,
    hidden: dict[str, str],
    values: dict[str, str | tuple[str, ...]],
    now: datetime,
) -> Notice:
    """Carry out a filled form."""
    turn = opened(tx, house, caller, now)
    return _carry_out(turn, forms.read(form, hidden, values, turn.zone))


def redraw(
    house: House, form: str, hidden: dict[str, str], values: dict[str, str | tuple[str, ...]]
) -> Notice:
    """A form as it is after something was chosen in it that changes its fields. Keeps nothing."""
    return forms.redraw(form, hidden, values, house) or Refused(
        why=("This form is out of date. Please open it again.",)
    )


def handle(tx: Connection, house: House, caller: Caller, intent: Intent, now: datetime) -> Notice:
    """Carry out an intent, and say what its person should see."""
    return _carry_out(opened(tx, house, caller, now), intent)


def repeated(tx: Connection, house: House, caller: Caller, now: datetime) -> Notice:
    """What to answer to a delivery that was kept before: the same thing as it stands now."""
    if caller.retold:
        return Nothing()
    number = history.number_of(tx, house.org, caller.key or "")
    request = requests.get(tx, house.org, number) if number else None
    if request is None:
        return Nothing() if caller.edited else Answer(words=("That was done already.",))
    if caller.edited:
        added = f"Add what changed with note {request.number}."
        return Answer(words=(f"#{request.number} stays as you first wrote it. {added}",))
    turn = opened(tx, house, caller, now)
    first = history.of(tx, house.org, request.number)[0]
    return (
        intake.filed(turn, request) if first.key == caller.key else Answer((f"#{request.number} is kept.",))
    )


def _carry_out(turn: Turn, intent: Intent) -> Notice:
    if not isinstance(intent, intents.READING):
        _meet(turn)
    if isinstance(intent, intents.Reply) and intent.addressed and not conversation.about(turn, intent.thread):
        return say(turn.tx, turn.house, turn.caller, intent.text, turn.now, chat=True)
    try:
        return _dispatch(turn, _named(turn, _meant(turn, intent)))
    except Refusal as refusal:
        return refusal.notice


def _meet(turn: Turn) -> None:
    """Keep who spoke, when they are new, and from which account, when it is not the one of last time."""
    if not turn.person.known:
        people.meet(turn.tx, turn.org, turn.person)
    if turn.house.link_people and turn.person.reach != turn.caller.account:
        people.reach(turn.tx, turn.org, turn.person.id, turn.caller.account)


def _dispatch(turn: Turn, intent: Intent) -> Notice:
    match intent:
        case intents.File():
            return intake.file(turn, intent)
        case intents.OpenRequestForm():
            return intake.open_form(turn, intent)
        case intents.OpenForm():
            return _open_form(turn, intent)
        case intents.Take():
            return steps.take(turn, intent)
        case intents.Give():
            return steps.give(turn, intent)
        case intents.Move():
            return moving.move(turn, intent)
        case intents.Ask():
            return steps.ask(turn, intent)
        case intents.WaitUntil():
            return steps.wait_until(turn, intent)
        case intents.WaitOn():
            return steps.wait_on(turn, intent)
        case intents.Note():
            return steps.note(turn, intent)
        case intents.Reply():
            return conversation.reply(turn, intent)
        case intents.Resolve():
            return steps.resolve(turn, intent)
        case intents.Reopen():
            return steps.reopen(turn, intent)
        case intents.Cancel():
            return steps.cancel(turn, intent)
        case intents.Decline():
            return steps.decline(turn, intent)
        case intents.Rate():
            return csat.rate(turn, intent)
        case intents.React():
            return csat.react(turn, intent)
        case intents.Comment():
            return csat.comment(turn, intent)
        case intents.Fault():
            return csat.fault(turn, intent)
        case poll_intents.Unrate():
            return csat.unrate(turn, intent)
        case poll_intents.LetQuote():
            return csat.let_quote(turn, intent)
        case poll_intents.MadeGood():
            return recovery.made_good(turn, intent)
        case intents.AnyNews():
            return steps.any_news(turn, intent)
        case intents.Snooze():
            return steps.snooze(turn, intent)
        case intents.Follow():
            return steps.follow(turn, intent)
        case intents.Show():
            return listing.show(turn, intent)
        case intents.Look():
            return listing.look(turn, intent)
        case intents.Share():
            return listing.share(turn, intent)
        case intents.List():
            return listing.several(turn, intent)
        case intents.Find():
            return listing.find(turn, intent)
        case intents.History():
            return listing.story(turn, intent)
        case intents.Home():
            return listing.home(turn, intent)
        case intents.OpenSettings():
            return personal.open_settings(turn)
        case intents.SaveSettings():
            return personal.save(turn, intent)
        case intents.Away():
            return absence.leave(turn, intent)
        case intents.Back():
            return absence.come_back(turn, intent)
        case intents.OpenAway():
            return absence.open_form(turn, intent)
        case intents.Help():
            return personal.help_page(turn, intent)
        case intents.Misunderstood():
            return Refused(why=(intent.why,), usage=intent.usage, field=intent.field)
        case (
            catalogue_intents.ShowServices()
            | catalogue_intents.ShowTeams()
            | catalogue_intents.OpenTeam()
            | catalogue_intents.OpenService()
            | catalogue_intents.SaveTeam()
            | catalogue_intents.SaveService()
            | catalogue_intents.ShowDuty()
            | catalogue_intents.OpenSwap()
            | catalogue_intents.Swap()
        ):
            return _of_catalogue(turn, intent)
        case (
            digest_intents.OfferReport()
            | digest_intents.ShowDigest()
            | digest_intents.PreviewDigest()
            | digest_intents.ShowBehind()
            | digest_intents.OpenSubscription()
            | digest_intents.Subscribe()
            | digest_intents.Unsubscribe()
        ):
            return _of_digest(turn, intent)
        case _:
            assert_never(intent)


def _of_digest(turn: Turn, intent: DigestIntent) -> Notice:
    match intent:
        case digest_intents.OfferReport():
            return reporting.offer(turn)
        case digest_intents.ShowDigest():
            return digest.show(turn)
        case digest_intents.PreviewDigest():
            return digest.preview(turn, intent)
        case digest_intents.ShowBehind():
            return behind.show(turn, intent)
        case digest_intents.OpenSubscription():
            return subscribing.open_form(turn, intent)
        case digest_intents.Subscribe():
            return subscribing.subscribe(turn, intent)
        case digest_intents.Unsubscribe():
            return subscribing.unsubscribe(turn, intent)
        case _:
            assert_never(intent)


def _of_catalogue(turn: Turn, intent: CatalogueIntent) -> Notice:
    match intent:
        case catalogue_intents.ShowServices():
            return catalogue_pages.services(turn, intent)
        case catalogue_intents.ShowTeams():
            return catalogue_pages.teams(turn, intent)
        case catalogue_intents.OpenTeam():
            return editing.open_team(turn, intent)
        case catalogue_intents.OpenService():
            return editing.open_service(turn, intent)
        case catalogue_intents.SaveTeam():
            return editing.keep_team(turn, intent)
        case catalogue_intents.SaveService():
            return editing.keep_service(turn, intent)
        case catalogue_intents.ShowDuty():
            return rota.show(turn, intent)
        case catalogue_intents.OpenSwap():
            return rota.open_form(turn, intent)
        case catalogue_intents.Swap():
            return rota.swap(turn, intent)
        case _:
            assert_never(intent)


def _open_form(turn: Turn, intent: intents.OpenForm) -> Notice:
    """The form that asks for the rest, when the step may be made; what it is about stands above it."""
    if intent.verb == "move":
        return moving.open_form(turn, intent.number)
    verb = {"answer": "note", "comment": "rate", "made good": "see"}.get(intent.verb, intent.verb)
    return forms.step_form(intent.verb, permitted(turn, intent.number, verb))


def _meant(turn: Turn, intent: Intent) -> Intent:
    """The intent with the people it names, whichever of their accounts was named."""

    def who(person: PersonId | None) -> PersonId | None:
        return real(turn.tx, turn.house, person) if person else None

    match intent:
        case intents.Give() if turn.house.link_people:
            return replace(intent, to=real(turn.tx, turn.house, intent.to))
        case intents.File() | intents.OpenRequestForm() if turn.house.link_people:
            draft = intent.draft
            return replace(intent, draft=replace(draft, to=who(draft.to), behalf=who(draft.behalf)))
        case _:
            return intent


def _named(turn: Turn, intent: T) -> T:
    """The intent with people mentioned in its words kept by name."""

    def name_of(person: PersonId) -> str:
        return mention(turn.tx, turn.org, real(turn.tx, turn.house, person)).name

    words = {
        field.name: show_mentions(getattr(intent, field.name), name_of)
        for field in fields(intent)
        if field.name in TEXTS
    }
    return replace(intent, **words) if words else intent  # type: ignore[arg-type] # fields it has
