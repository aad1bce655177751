"""The flower shop in Teams: who works there, and where they talk."""

from collections.abc import Callable
from datetime import datetime

from .tenant import Tenant

ZONE = "Europe/Stockholm"
MARGIT = "29:1mKq7VnTzRb0JcW5gYxLh2EoS8uPdFaQvNi4tCkG6Hw"
GRETA = "29:1gXe3RwYsNd8MzU6jBpKf0LcA5vTqHiOnZr2tWaJ9Ew"
GENERAL = "19:c0ffee5e4d0f4a7fb1e0petalsgeneral@thread.tacv2"
SHOP_DESK = "19:de5c0b3ab1a94cd28a77petalsshopdesk@thread.tacv2"
TEAM = GENERAL


def flower_shop(now: Callable[[], datetime]) -> Tenant:
    """The tenant "Petals & Post": a manager, an accountant, a team of two channels with the bot in it.

    Neither has added the app for herself; the bot may write to both, because their team has it.
    """
    shop = Tenant(now)
    shop.add_person(MARGIT, "Margit Ek", "margit@petals.example", title="Manager", tz=ZONE)
    shop.add_person(GRETA, "Greta Holm", "greta@petals.example", title="Accounts", tz=ZONE)
    shop.add_team(TEAM, "Petals & Post", members=[MARGIT, GRETA], bot=True)
    shop.add_channel(SHOP_DESK, "Shop desk", team=TEAM)
    return shop
