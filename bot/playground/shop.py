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
    shop.add_user(SHOPKEEPER, "svea", "Svea Lund", title="Shopkeeper", tz=ZONE)
    shop.add_user(CLERK, "carl", "Carl Berg", title="Clerk", tz=ZONE)
    shop.add_user(DESIGNER, "flora", "Flora Nilsson", title="Floral designer", tz=ZONE)
    shop.add_user(DRIVER, "david", "David Holm", title="Driver", tz=ZONE)
    shop.add_user(MANAGER, "margit", "Margit Ek", title="Manager", tz="Europe/London")
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
