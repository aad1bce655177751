"""The report over HTTP: a link that somebody was given, the page behind it, its picture and its sheet.

Who looks is known by a cookie that the opened link gave to one browser: see `handlers.reporting`. Nothing
here is kept by browsers or by what stands between, nothing leads elsewhere, and nothing is executed.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web

from bot.front import Front, Transaction, Unkept
from bot.pictures import NotDrawn, Studio
from bot.report import sheet
from bot.report.pages import Behind, Pages
from handlers import report, reporting
from handlers.behind import BEHIND, NOW_ONLY
from handlers.cards import in_a_row, names_of
from handlers.house import House
from handlers.report import Asked, Report
from handlers.reporting import Closed, Invitation, Why
from handlers.subscribing import scope_name
from handlers.words import plain
from storage.records import Request

T = TypeVar("T")

COOKIE = "deskbell_report"
WIDTH = 1440
GUARDED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
STATIC = {"report.css": "text/css", "icon.svg": "image/svg+xml"}
STATUS = {Why.ALTERED: 404, Why.OVER: 410, Why.TAKEN: 403, Why.GONE: 403, Why.AWAY: 503}

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Reports:
    """The pages, on behalf of a front desk."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._pages = Pages()
        self._studio = Studio(WIDTH)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes, the fixed ones before that of links."""
        router.add_get("/report", self._guarded(self._report))
        router.add_get("/report/requests", self._guarded(self._requests))
        router.add_get("/report/numbers.csv", self._guarded(self._sheet))
        router.add_get("/report/weeks.png", self._guarded(self._picture))
        for name, kind in STATIC.items():
            router.add_get(f"/report/{name}", partial(_static, name, kind))
        router.add_get("/report/{token}", self._guarded(self._door))
        router.add_post("/report/{token}", self._guarded(self._enter))

    @property
    def _base(self) -> str:
        return urlsplit(self._front.house.address).path

    def _guarded(self, handler: Handler) -> Handler:
        """A page, or why it is not shown; with what browsers are to know of both."""

        async def answer(request: web.Request) -> web.Response:
            try:
                response = await handler(request)
            except (Closed, Unkept) as error:
                why = error.why if isinstance(error, Closed) else Why.AWAY
                response = _page(self._pages.sorry(why, self._base), STATUS[why])
            response.headers.update(GUARDED)
            return response

        return answer

    async def _door(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self._front.now()
        invited = await self._look(lambda tx, house: reporting.read(tx, house, token, now))
        return _page(self._pages.door(invited, self._base))

    async def _enter(self, request: web.Request) -> web.Response:
        front, token, now = self._front, request.match_info["token"], self._front.now()
        browser = _browser(request) or secrets.token_urlsafe(24)
        invited = await front.keep(lambda tx: reporting.enter(tx, front.house, token, browser, now))
        response = web.Response(status=303, headers={"Location": f"{self._base}/report"})
        response.set_cookie(
            COOKIE,
            f"{invited.link}.{browser}",
            max_age=int((invited.until - now).total_seconds()),
            path=f"{self._base}/report",
            secure=front.house.address.startswith("https:"),
            httponly=True,
            samesite="Strict",
        )
        return response

    async def _report(self, request: web.Request) -> web.Response:
        invited, found, now = await self._composed(request)
        return _page(self._pages.report(found, invited, self._base, now))

    async def _sheet(self, request: web.Request) -> web.Response:
        _, found, _ = await self._composed(request)
        name = "deskbell-{}-{}.csv".format(*found.asked.days)
        as_file = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(
            text=sheet.written(found), content_type="text/csv", charset="utf-8", headers=as_file
        )

    async def _picture(self, request: web.Request) -> web.Response:
        _, found, _ = await self._composed(request)
        if found.trend is None:
            return web.Response(status=404)
        try:
            drawn = await self._studio.draw(found.trend, dark="dark" in request.query)
        except NotDrawn:
            return web.Response(status=503)
        return web.Response(body=drawn, content_type="image/png")

    async def _requests(self, request: web.Request) -> web.Response:
        which, now = request.query.get("which", ""), self._front.now()
        if which not in BEHIND:
            raise Closed(Why.ALTERED)
        look = self._visitor(request, now)

        def unit(tx: Transaction, house: House) -> tuple[Behind, Asked]:
            invited, asked = look(tx, house), _asked(request, tx, house, now)
            found, more = report.requests_behind(tx, house, invited.person, asked, which, now)

            def stands(one: Request) -> str:
                return plain(in_a_row(one, names_of(tx, house, one), invited.zone, now))

            title, empty = BEHIND[which]
            about = scope_name(house, asked.scope.team, asked.scope.service)
            rows = tuple((one, stands(one)) for one in found)
            return Behind(title, about, which in NOW_ONLY, rows, more, empty), asked

        behind, asked = await self._look(unit)
        return _page(self._pages.requests(behind, asked, self._base))

    async def _composed(self, request: web.Request) -> tuple[Invitation, Report, datetime]:
        now = self._front.now()
        look = self._visitor(request, now)

        def unit(tx: Transaction, house: House) -> tuple[Invitation, Report]:
            invited, asked = look(tx, house), _asked(request, tx, house, now)
            return invited, report.compose(tx, house, invited.person, asked, now)

        return *(await self._look(unit)), now

    def _visitor(self, request: web.Request, now: datetime) -> Callable[[Transaction, House], Invitation]:
        """Who looks, by the cookie of their browser."""
        link, browser = request.cookies.get(COOKIE, "").partition(".")[0], _browser(request)
        return lambda tx, house: reporting.visitor(tx, house, link, browser, now)

    async def _look(self, unit: Callable[[Transaction, House], T]) -> T:
        return await self._front.look(lambda tx: unit(tx, self._front.house))


async def _static(name: str, kind: str, _: web.Request) -> web.Response:
    body = (files("bot.report") / "static" / name).read_bytes()
    return web.Response(body=body, content_type=kind, headers={"Cache-Control": "max-age=3600"})


def _browser(request: web.Request) -> str:
    """What only this browser has, when it has opened a link before."""
    return request.cookies.get(COOKIE, "").partition(".")[2]


def _asked(request: web.Request, tx: Transaction, house: House, now: datetime) -> Asked:
    since, until, about = (request.query.get(name, "") for name in ("from", "to", "about"))
    return report.asked_for(tx, house, since, until, about, now)


def _page(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
