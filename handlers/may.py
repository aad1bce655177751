"""One function decides who may see and do what; every surface asks it."""

from dataclasses import dataclass

from handlers.notices import Answer, Filed, Form, Link, News, Notice, Refused
from storage.records import Person, PersonId, Poll, Privacy, Request


@dataclass(frozen=True, slots=True)
class Desk:
    """Who serves a request: the members of its triage channel, and the lead."""

    members: frozenset[PersonId] = frozenset()
    """Empty when nobody has told us who they are: then every colleague may help."""
    lead: PersonId | None = None
    admin: PersonId | None = None
    """The organisation's lead."""

    def led_by(self, person: PersonId) -> bool:
        """Whether somebody leads the team, or the organisation."""
        return person in (self.lead, self.admin)


ENOUGH_VOTES = 5
"""Under so many there is no figure for a person, nor of votes that not everybody may know."""
REQUESTERS = frozenset({"cancel", "nudge"})
"""What the requester alone, or who filed it for them, may do."""
TEAM = frozenset({"take", "give", "move", "ask", "wait", "snooze", "resolve", "decline", "whisper"})
"""What who serves it may do. A requester may also resolve their own, and move it while nobody has it."""
ANYBODY = frozenset({"see", "note", "follow", "reopen"})
"""What everybody may do who may see it."""


def may(person: Person, verb: str, request: Request, desk: Desk) -> str:
    """Nothing when this person may do this to this request, else the reason why not, as a sentence.

    1. Nobody who has left, and no bot, may do anything.
    2. A private request is seen by its requester, who filed it, its owner, its followers, the people of
       its triage channel and the lead.
    3. Requests sent to a person are served by their owner; all others by their triage channel's people,
       or by every colleague where nobody has said who they are. But what its team says among itself of a
       private request is then for its owner and the lead alone.
    4. Only the requester rates, and only the requester's side cancels or asks for news.
    """
    if not person.active or person.bot:
        return "Only active colleagues can do that."
    if request.private and not _may_see_private(person, request, desk):
        return f"#{request.number} is private, and you are not part of it."
    if verb in ANYBODY:
        return ""
    if verb == "rate":
        return "" if person.id == request.requester else "Only the requester rates the service."
    if verb in REQUESTERS:
        return "" if _asks(person, request) else _only_requester(verb)
    if verb in TEAM:
        return _team_may(person, verb, request, desk)
    raise ValueError(f"no rule says who may {verb}")


def _asks(person: Person, request: Request) -> bool:
    return person.id in (request.requester, request.filed_by)


def _serves(person: Person, request: Request, desk: Desk) -> bool:
    if person.id == request.owner or desk.led_by(person.id):
        return True
    if sent_to_person(request):
        return False
    return person.id in desk.members or not desk.members


def sent_to_person(request: Request) -> bool:
    """Whether it was asked of one colleague: then its card lives in their direct messages."""
    return request.owner is not None and request.place == request.owner


def _may_see_private(person: Person, request: Request, desk: Desk) -> bool:
    if _asks(person, request) or person.id in request.followers:
        return True
    if person.id == request.owner or desk.led_by(person.id):
        return True
    return person.id in desk.members


def _team_may(person: Person, verb: str, request: Request, desk: Desk) -> str:
    secret = verb == "whisper" and request.private and not desk.members
    close = person.id == request.owner or desk.led_by(person.id)
    if close or (_serves(person, request, desk) and not secret):
        return ""
    if _asks(person, request) and (verb == "resolve" or (verb == "move" and not _is_taken(request))):
        return ""
    if sent_to_person(request):
        return f"#{request.number} was sent to one colleague; only they can {verb} it."
    return f"Only the people of its channel can {verb} #{request.number}. Join the channel, or add a note."


def _is_taken(request: Request) -> bool:
    return request.owner is not None and request.responded_at is not None


def _only_requester(verb: str) -> str:
    return {
        "cancel": "Only the requester can cancel it. You can decline it, with a reason.",
        "nudge": "Only the requester can ask for news. You can follow it instead.",
    }[verb]


def may_edit(person: Person, desk: Desk) -> str:
    """Nothing when this person may change what the catalogue says of a team and what it offers, else why not.

    Its lead may, and the organisation's. Without a team it is about the catalogue itself: adding teams, and
    the services of the organisation's own desk.
    """
    if not person.active or person.bot:
        return "Only active colleagues can do that."
    if desk.led_by(person.id):
        return ""
    if desk.lead is None:
        return "Only the lead of the organisation can change that. Ask them."
    return "Only the lead of the team can change that, or the lead of the organisation. Ask one of them."


def may_swap(person: Person, desk: Desk) -> str:
    """Nothing when this person may say who stands in on a team's rota, else why not."""
    if person.active and not person.bot and (person.id in desk.members or desk.led_by(person.id)):
        return ""
    return "Only the people of the team and its lead can swap its weeks. Ask one of them."


def may_subscribe(person: Person, inside: bool, desk: Desk) -> str:
    """Nothing when this person may say whether a channel gets the digest, else why not.

    Who is `inside` the channel may, and who leads a team or the organisation.
    """
    if not person.active or person.bot:
        return "Only active colleagues can do that."
    if inside or desk.led_by(person.id):
        return ""
    return "Only people of that channel can do that, in the channel itself, or a lead."


def may_report(person: Person) -> str:
    """Nothing when this person may see the numbers of teams and services, else why not.

    Every colleague may: they are those of the digest. Of people see `may_see_figures`.
    """
    return "" if person.active and not person.bot else "Only active colleagues can see the report."


def may_see_figures(person: Person, of: PersonId, desk: Desk) -> bool:
    """Whether somebody may see how a person is rated in the team of the `desk`: themselves, and who leads."""
    return person.active and (person.id == of or desk.led_by(person.id))


def may_know_vote(person: Person, poll: Poll, request: Request, desk: Desk) -> bool:
    """Whether somebody may know that there is a vote on this poll, which, and what was written beside it.

    1. Who gave it knows it, as long as the poll does.
    2. Named: its owner, who resolved it, the members of the team and the leads, as far as they may see the
       request. Where nobody has said who the members are, that is not every colleague.
    3. Confidential: the lead of the team alone; the organisation's where the team has none.
    4. Anonymous: nobody.

    The `desk` is that of the poll's team.
    """
    if not person.active or person.bot:
        return False
    if person.id == poll.person:
        return True
    match poll.privacy:
        case Privacy.NAMED:
            serves = person.id in (poll.resolver, request.owner) or desk.led_by(person.id)
            belongs = person.id in desk.members and not sent_to_person(request)
            return (serves or belongs) and not may(person, "see", request, desk)
        case Privacy.CONFIDENTIAL:
            return person.id == (desk.lead or desk.admin)
        case Privacy.ANONYMOUS:
            return False


def may_tell_vote(privacy: str, private: bool = False) -> bool:
    """Whether a vote may be told with names where anybody reads: thanks in a digest, a quote.

    `private` is whether the request is. What was written beside it only when the poll is `quotable` as well.
    """
    return privacy == Privacy.NAMED and not private


def may_tell_sum(privacy: str, votes: int) -> bool:
    """Whether sums of so many votes of a service may be told to everybody: what the few said is theirs."""
    return privacy == Privacy.NAMED or votes >= ENOUGH_VOTES


def may_be_said_aloud(notice: Notice) -> bool:
    """Whether others may hear what one person is answered, where no answer is for one alone.

    Sentences and forms tell no more than was typed in front of everybody; whatever shows a request does,
    the catalogue has buttons for who asked, a link is for one alone, and a page of help is nobody else's
    business.
    """
    match notice:
        case Answer():
            return notice.card is None and not any(isinstance(span, Link) for span in notice.words)
        case Refused():
            return notice.card is None
        case Filed() | Form() | News():
            return True
        case _:
            return False
