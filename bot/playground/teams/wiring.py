"""How a tenant is connected to the app, and how strict it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from .limits import PAGE_MOST

Move = tuple[str, Callable[[], Awaitable[None]]]

MAKE_REQUEST, FIND_REQUEST = "makeRequest", "findRequest"
"""The commands of the message extension, as the app's manifest names them."""


class Wiring:
    """What whoever sets a tenant up may change; a test too, in the middle.

    `app_url` is where activities go, `service_url` where we are. In `development` nobody carries tokens;
    otherwise the connector takes those in `tokens_accepted` (or those it says yes to), and `mint_token` signs
    what is delivered. With `limits_on` the bot is slowed down, without `can_delete` it cannot delete, and
    with `hears_everything` it hears what is said in teams and groups without being mentioned. A page of
    members has at most `page_most` of them.
    """

    def __init__(self) -> None:
        self.app_url: str | None = None
        self.service_url = "http://127.0.0.1/teams/"
        self.development = True
        self.tokens_accepted: Collection[str] | Callable[[str], bool] = frozenset()
        self.mint_token: Callable[[], str] | None = None
        self.limits_on = False
        self.can_delete = True
        self.hears_everything = False
        self.page_most = PAGE_MOST
        self.message_command, self.search_command = MAKE_REQUEST, FIND_REQUEST
        self.moves: dict[str, Move] = {}
