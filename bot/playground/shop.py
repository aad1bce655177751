"""A small flower shop: who works there, and where they talk."""

from collections.abc import Callable
from datetime import datetime

from bot.playground.workspace import Workspace
from handlers.usages import USAGES

ZONE = "Europe/Stockholm"
MANAGER, CLERK, DESIGNER, DRIVER, SHOPKEEPER = "UMARGIT", "UCARL", "UFLORA", "UDAVID", "USVEA"
SHOP_DESK, GENERAL, DELIVERIES = "CDESK", "CGENERAL", "CDELIVERIES"


def flower_shop(now: Callable[[], datetime]) -> Workspace:
    """The workspace "Petals & Post", with five colleagues, three channels, and the bot in all of them."""
    shop = Workspace(now)
    for id, name, title, zone in (
        (SHOPKEEPER, "Svea Lund", "Shopkeeper", ZONE),
        (CLERK, "Carl Berg", "Clerk", ZONE),
        (DESIGNER, "Flora Nilsson", "Floral designer", ZONE),
        (DRIVER, "David Holm", "Driver", ZONE),
        (MANAGER, "Margit Ek", "Manager", "Europe/London"),
    ):
        handle = name.split()[0].lower()
        shop.add_user(id, handle, name, title=title, tz=zone, email=f"{handle}@petals.example")
    everybody = [SHOPKEEPER, CLERK, DESIGNER, DRIVER, MANAGER, shop.bot_user]
    shop.add_channel(GENERAL, "general", members=everybody, topic="Everybody, everything")
    shop.add_channel(SHOP_DESK, "shop-desk", members=everybody, topic="What needs doing, and who does it")
    shop.add_channel(DELIVERIES, "deliveries", members=everybody, topic="Routes and vans")
    return shop


def hints() -> list[tuple[str, str]]:
    """What can follow the slash command, and what it does; with a colleague of this shop in the examples."""
    first = ("<what you need> [@flora] [by friday] [!high]", "Files it at once.")
    others = [(usage.line, usage.does) for usage in USAGES if usage.verb != "request"]
    return [first, *((line.replace("@bob", "@flora"), does) for line, does in others)]


def teach(shop: Workspace, hints: list[tuple[str, str]]) -> None:
    """What the composer offers: the slash command, its lines, and the message shortcut."""
    shop.commands = [
        {
            "command": "/request",
            "usage_hint": "[what you need] [@who] [by friday]",
            "description": "Ask for something",
        }
    ]
    shop.hints = [{"line": line, "does": does} for line, does in hints]
    shop.shortcuts = [{"callback_id": "make_request", "name": "Make it a request"}]
