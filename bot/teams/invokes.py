"""What Teams waits for: presses, dialogs and the message extension. The answer rides on the response.

1. A button on a message says its line. The answer is the message as this person may see it now, with what
   was said on top. What would show more than a sentence opens as a dialog, which nobody else sees.
2. A button that only looks, or asks for more, opens a dialog (`task/fetch`); what is pressed or filled in
   there comes back (`task/submit`), and the dialog goes on or ends with a sentence.
3. “Make it a request” on a message opens the form with the message in it.
4. The search of the message extension finds requests; what is chosen is shared as everybody may see it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.front import NOT_KEPT, Front, Unkept
from bot.teams import forms, words
from bot.teams.activity import Activity, speaker
from bot.teams.adapter import answer
from bot.teams.answers import IN_OUR_CHAT, WORKING, Answers
from bot.teams.cards import CONTENT_TYPE, AdaptiveCard, attachment
from bot.teams.directory import Directory
from bot.teams.references import References
from bot.teams.render import banner, dialog_of, render
from bot.teams.shapes import an_object, objects
from handlers.intents import Caller, Draft, Find, List, Look, OpenRequestForm, Share
from handlers.notices import Answer, Card, Filed, Form, Listing, News, Nothing, Notice, Refused

SENTENCE = "application/vnd.microsoft.activity.message"
SENTENCES = (Answer, Refused, Filed, News)
"""Notices that say in words what came of a press."""
FOUND = 10
DONE = "Done."
OUT_OF_DATE = "This form is out of date. Please open it again."
Filling = tuple[str, dict[str, str], dict[str, str | tuple[str, ...]]]
"""Which form was filled in, what it remembered, and what was filled in."""
MAKE_REQUEST = "makeRequest"
FIND_REQUEST = "findRequest"
"""The ids of the two commands of the message extension."""


class Invokes:
    """Answers what Teams waits for."""

    def __init__(self, front: Front, answers: Answers, references: References, directory: Directory) -> None:
        self._front = front
        self._answers = answers
        self._references = references
        self._directory = directory

    async def answer(self, context: Any, activity: Activity) -> None:
        """By the table; what is none of ours is left unanswered."""
        act = INVOKES.get(str(activity.get("name") or ""))
        if act is not None:
            answer(context, await act(self, activity, an_object(activity.get("value"))))

    async def _pressed(self, activity: Activity, value: Mapping[str, Any]) -> dict[str, Any]:
        action = an_object(value.get("action"))
        data, caller = an_object(action.get("data")), speaker(activity)
        if action.get("verb") == "fill":
            return await self._filled_card(data, caller)
        line = str(data.get("line") or "")
        notice = await self._answers.soon(self._front.say(line, caller), caller)
        if isinstance(notice, Form):
            return _card(render(notice, self._references.colleagues).card)
        now = await self._as_it_stands(activity, caller)
        if isinstance(now, Nothing) and notice in (NOT_KEPT, WORKING):
            return _sentence(render(notice).text)  # the message keeps its buttons
        if isinstance(notice, Nothing):
            return _card(render(now).card) if not isinstance(now, Nothing) else _sentence(DONE)
        if isinstance(notice, SENTENCES):
            return _card((render(notice) if isinstance(now, Nothing) else banner(notice, now)).card)
        if caller.place:
            self._answers.alone(notice, caller)
            return _sentence(render(IN_OUR_CHAT).text)
        return _card(render(notice).card)

    async def _as_it_stands(self, activity: Activity, caller: Caller) -> Notice:
        """The pressed message now, to this person."""
        if not activity["replyToId"]:
            return Nothing()
        pressed = words.message(activity["conversation"]["id"], activity["replyToId"])
        try:
            return await self._front.ask(Look(pressed), caller)
        except Unkept:
            return Nothing()

    async def _filled_card(self, data: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
        """A form that was a card in a chat: it becomes the answer, or itself with what is wrong."""
        filled, people = forms.filled(data), self._references.colleagues
        if forms.asks_redraw(data):
            form = await self._redrawn(filled, caller)
            return _card(forms.input_card(form, people)) if form else _sentence(OUT_OF_DATE)
        notice = await self._answers.soon(self._front.fill(*filled, caller), caller)
        if isinstance(notice, Refused) and (form := await self._form(filled, caller)):
            return _card(forms.input_card(form, people, error=render(Refused(notice.why)).text))
        return _card(render(notice).card) if not isinstance(notice, Nothing) else _sentence(DONE)

    async def _fetched(self, activity: Activity, value: Mapping[str, Any]) -> dict[str, Any]:
        """A button that looks, or asks for more."""
        caller = speaker(activity)
        line = str(an_object(value.get("data")).get("line") or "")
        return self._dialog(await self._answers.soon(self._front.say(line, caller), caller))

    async def _submitted(self, activity: Activity, value: Mapping[str, Any]) -> dict[str, Any]:
        """A button pressed in a dialog, or its form filled in."""
        data, caller = an_object(value.get("data")), speaker(activity)
        if isinstance(data.get("line"), str):
            return self._dialog(await self._answers.soon(self._front.say(data["line"], caller), caller))
        return await self._filled(data, caller)

    async def _filled(self, data: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
        filled, people = forms.filled(data), self._references.colleagues
        _, hidden, values = filled
        place = hidden.get("place", "")
        caller = replace(caller, place=place if place.startswith(words.PREFIX) else caller.place)
        if forms.asks_redraw(data):
            form = await self._redrawn(filled, caller)
            return forms.task(form, people) if form else forms.closing(OUT_OF_DATE)
        notice = await self._answers.soon(self._front.fill(*filled, caller), caller)
        if isinstance(notice, Refused):
            stays = notice.field in values or notice is NOT_KEPT
            form = await (self._form if stays else self._redrawn)(filled, caller)
            if form is not None:
                return forms.task(form, people, error=render(Refused(notice.why)).text)
        return forms.closing(DONE if isinstance(notice, Nothing) else render(notice).text)

    async def _redrawn(self, filled: Filling, caller: Caller) -> Form | None:
        """The form as what was chosen in it wants it; None for one that follows no choice."""
        form = await self._answers.kept(self._front.redraw(*filled, caller))
        return form if isinstance(form, Form) else None

    async def _form(self, filled: Filling, caller: Caller) -> Form | None:
        """The form that was filled in, to be shown once more with all it holds and remembers."""
        if form := await self._redrawn(filled, caller):
            return form
        name, hidden, values = filled
        again = hidden.get("line") or {"file": "form"}.get(name, name)
        line = f"{name} {hidden['number']} …" if "number" in hidden else again
        fresh = await self._front.say(line, caller)
        if not isinstance(fresh, Form):
            return None
        fields = (replace(each, initial=values.get(each.name, each.initial)) for each in fresh.fields)
        return replace(fresh, fields=tuple(fields), hidden=tuple(hidden.items()))

    def _dialog(self, notice: Notice) -> dict[str, Any]:
        if isinstance(notice, Form):
            return forms.task(notice, self._references.colleagues)
        if isinstance(notice, Answer | Filed | News) and not notice.buttons:
            return forms.closing(render(notice).text)
        return forms.closing(DONE) if isinstance(notice, Nothing) else dialog_of(notice)

    async def _made_from(self, activity: Activity, value: Mapping[str, Any]) -> dict[str, Any]:
        """“Make it a request”: the form, with the message in it and a link to it."""
        caller, message = speaker(activity), an_object(value.get("messagePayload"))
        body, user = an_object(message.get("body")), an_object(an_object(message.get("from")).get("user"))
        content = str(body.get("content") or "")
        author = self._directory.person(str(user.get("id") or ""))
        draft = Draft(
            details=words.from_html(content) if body.get("contentType") == "html" else content,
            behalf=author if author != caller.person else None,
            origin=str(message.get("linkToMessage") or ""),
        )
        notice = await self._answers.soon(self._front.ask(OpenRequestForm(draft), caller), caller)
        if isinstance(notice, Form) and caller.place:
            notice = replace(notice, hidden=(*notice.hidden, ("place", caller.place)))
        return self._dialog(notice)

    async def _searched(self, activity: Activity, value: Mapping[str, Any]) -> dict[str, Any]:
        """Requests that contain what was typed; before anything was typed, one's own."""
        caller = speaker(activity)
        typed = " ".join(
            str(each.get("value") or "")
            for each in objects(value.get("parameters"))
            if each.get("name") != "initialRun"
        ).strip()
        found = await self._answers.soon(
            self._front.ask(Find(typed) if typed else List("mine"), caller), caller
        )
        rows = found.rows[:FOUND] if isinstance(found, Listing) else ()
        shared = [(row, await self._answers.kept(self._front.ask(Share(row.number), caller))) for row in rows]
        attachments = [
            {
                **attachment(render(notice).card),
                "preview": {
                    "contentType": "application/vnd.microsoft.card.thumbnail",
                    "content": {"title": f"#{row.number} {row.title}", "text": notice_line(notice)},
                },
            }
            for row, notice in shared
            if isinstance(notice, Card)
        ]
        return {
            "composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": attachments}
        }


INVOKES: dict[str, Callable[[Invokes, Activity, Mapping[str, Any]], Awaitable[dict[str, Any]]]] = {
    "adaptiveCard/action": Invokes._pressed,
    "task/fetch": Invokes._fetched,
    "task/submit": Invokes._submitted,
    "composeExtension/fetchTask": Invokes._made_from,
    "composeExtension/submitAction": Invokes._submitted,
    "composeExtension/query": Invokes._searched,
}
"""The invokes that are answered, and by whom."""


def notice_line(card: Card) -> str:
    """Where a request stands, in one line."""
    return render(Answer(card.headline)).text


def _card(card: AdaptiveCard) -> dict[str, Any]:
    return {"statusCode": 200, "type": CONTENT_TYPE, "value": card}


def _sentence(text: str) -> dict[str, Any]:
    return {"statusCode": 200, "type": SENTENCE, "value": text}
