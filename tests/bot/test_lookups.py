"""What is read of a platform, when, and how patiently."""

from bot.chat import Undelivered
from bot.lookups import Lookups


class Platform:
    """Answers, unless it is away or refuses."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.troubles: dict[str, Undelivered] = {}

    async def read(self, name: str) -> None:
        self.asked.append(name)
        if name in self.troubles:
            raise self.troubles[name]


async def asked_in(lookups: Lookups, platform: Platform, looks: int) -> list[int]:
    """At which of so many looks the platform was asked."""
    at = []
    for look in range(looks):
        platform.asked.clear()
        await lookups.news(["a"])
        at += [look] if platform.asked else []
    return at


async def test_what_is_new_is_read_once() -> None:
    platform = Platform()
    lookups = Lookups("trouble", platform.read)
    await lookups.news(["b", "a"])
    await lookups.news(["b", "c", "a"])
    assert platform.asked == ["a", "b", "c"]
    await lookups.everything(["a", "b"])
    assert platform.asked[3:] == ["a", "b"]


async def test_what_is_refused_waits_for_the_refresh() -> None:
    platform = Platform()
    platform.troubles["a"] = Undelivered("not_in_channel", permanent=True)
    lookups = Lookups("trouble", platform.read)
    assert await asked_in(lookups, platform, 1_000) == [0]
    await lookups.everything(["a", "b"])
    assert platform.asked[-2:] == ["a", "b"], "one that is refused holds up nobody"


async def test_what_could_not_be_answered_is_asked_again_ever_more_patiently() -> None:
    platform = Platform()
    platform.troubles["a"] = Undelivered("ratelimited")
    lookups = Lookups("trouble", platform.read)
    assert await asked_in(lookups, platform, 100) == [0, 2, 6, 14, 30, 62]
    assert len(await asked_in(lookups, platform, 2_560)) <= 11
    platform.troubles.clear()
    assert len(await asked_in(lookups, platform, 300)) == 1
    assert await asked_in(lookups, platform, 300) == []


async def test_what_was_read_and_then_fails_is_asked_again() -> None:
    platform = Platform()
    lookups = Lookups("trouble", platform.read)
    await lookups.news(["a"])
    platform.troubles["a"] = Undelivered("ratelimited")
    await lookups.everything(["a"])
    platform.troubles.clear()
    assert await asked_in(lookups, platform, 4) == [1]
