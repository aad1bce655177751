"""What commands need that work on the database without a chat."""

from bot.settings import Settings
from handlers.house import House


def house_of(settings: Settings) -> House:
    """The organisation's rules, as far as the settings know them without asking a platform."""
    return House(
        org=settings.organisation,
        zone=settings.timezone,
        hours=settings.hours,
        holidays=settings.holidays,
        link_people=settings.link_people,
    )
