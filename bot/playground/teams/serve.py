"""The tenant as a web application: the Bot Connector, and whatever is to stand beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from .connector import PREFIX, Connector
from .tenant import Tenant

Extend = Callable[[web.Application], None]


def make_app(tenant: Tenant, *, extend: Extend | None = None) -> web.Application:
    """The connector under `/teams/`, and what `extend` adds: the page, in the demo."""
    app = web.Application(client_max_size=2**20)
    Connector(tenant).add_to(app.router)
    if extend is not None:
        extend(app)
    app.on_shutdown.append(lambda _app: tenant.close())
    return app


@asynccontextmanager
async def serving(
    tenant: Tenant, host: str = "127.0.0.1", port: int = 0, *, extend: Extend | None = None
) -> AsyncIterator[str]:
    """Serve the tenant while the block runs; yields the service URL and sets `tenant.service_url`.

    Port 0 takes a free one.
    """
    runner = web.AppRunner(make_app(tenant, extend=extend), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        tenant.service_url = f"http://{host}:{runner.addresses[0][1]}{PREFIX}"
        yield tenant.service_url
    finally:
        await runner.cleanup()
