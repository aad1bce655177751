"""The modals people have open, at most three deep, and their Homes."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping

from . import limits
from .blocks import with_ids
from .errors import SlackRefusal
from .records import Json, View


def _block_id() -> str:
    return secrets.token_urlsafe(4)


class Views:
    """Every view in front of somebody. The methods raise SlackRefusal as the Web API would."""

    def __init__(self) -> None:
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._count = 0

    def modal(self, user: str) -> View | None:
        """The modal on top, or None."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def stack(self, user: str) -> tuple[View, ...]:
        """All open modals of a person, the top one last."""
        return tuple(self._stacks.get(user, ()))

    def home(self, user: str) -> View | None:
        """What the app has published for this person, or None."""
        return self._homes.get(user)

    def find(self, id: str) -> View | None:
        """A view in front of anybody, by its id."""
        return next((view for view in self._everything() if view.id == id), None)

    def named(self, external_id: str) -> View | None:
        """A view in front of anybody, by the name the app gave it."""
        return next((view for view in self._everything() if view.external_id == external_id), None)

    def open(self, user: str, body: Json) -> View:
        """Put a modal in front of a person, instead of whatever stood there."""
        self._refuse_taken_name(body, None)
        self._stacks[user] = [self._new(user, body)]
        return self._stacks[user][-1]

    def push(self, user: str, body: Json) -> View:
        """Put a modal on top of the one that is open."""
        self._refuse_taken_name(body, None)
        stack = self._stacks.setdefault(user, [])
        if not stack:
            raise SlackRefusal("not_found")
        if len(stack) >= limits.VIEW_STACK:
            raise SlackRefusal("push_limit_reached")
        below = stack[-1]
        stack.append(dataclasses.replace(self._new(user, body), root=below.root, previous=below.id))
        return stack[-1]

    def update(self, view: View, body: Json, hash: str | None = None) -> View:
        """Change what a view shows. Answers stay where block and action keep their ids."""
        if hash is not None and hash != view.hash:
            raise SlackRefusal("hash_conflict")
        self._refuse_taken_name(body, view)
        fresh = self._new(view.user, body)
        return self._keep(dataclasses.replace(view, body=fresh.body, hash=fresh.hash))

    def publish(self, user: str, body: Json, hash: str | None = None) -> View:
        """Show this as a person's Home."""
        current = self._homes.get(user)
        if current is not None:
            return self.update(current, body, hash)
        self._refuse_taken_name(body, None)
        self._homes[user] = self._new(user, body)
        return self._homes[user]

    def fill(self, view: View, state: Mapping[str, Json]) -> View:
        """Remember what a person has chosen so far."""
        current = self.find(view.id)
        if current is None:
            return dataclasses.replace(view, state=state)
        return self._keep(dataclasses.replace(current, state=state))

    def close(self, view: View) -> None:
        """Take a modal, and what stands on it, away."""
        stack = self._stacks.get(view.user, [])
        ids = [open.id for open in stack]
        if view.id in ids:
            del stack[ids.index(view.id) :]

    def clear(self, user: str) -> None:
        """Take all of a person's modals away."""
        self._stacks.pop(user, None)

    def _everything(self) -> list[View]:
        return [*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)]

    def _new(self, user: str, body: Json) -> View:
        self._count += 1
        id = f"V{self._count:08d}"
        body = {**body, "blocks": with_ids(body["blocks"], _block_id)}
        return View(id, user, body, hash=f"{self._count}.{secrets.token_hex(4)}", root=id)

    def _keep(self, view: View) -> View:
        if view.kind == "home":
            self._homes[view.user] = view
        else:
            stack = self._stacks[view.user]
            stack[[open.id for open in stack].index(view.id)] = view
        return view

    def _refuse_taken_name(self, body: Json, mine: View | None) -> None:
        name = body.get("external_id")
        taken = self.named(str(name)) if name else None
        if taken is not None and (mine is None or taken.id != mine.id):
            raise SlackRefusal("duplicate_external_id")
