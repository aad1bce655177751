"""What the manager has done in Teams this morning, before anybody looks: real messages to the real app."""

import re

from bot.app import Deskbell
from bot.playground.shop import DESIGNER, SHOP_DESK
from bot.playground.story import forget_whispers
from bot.playground.workspace import Workspace

from .shop import GENERAL, GRETA, MARGIT
from .tenant import Tenant

FILED = re.compile(r"#(\d+) two centrepieces")


async def sit_down(tenant: Tenant, workspace: Workspace, app: Deskbell) -> None:
    """Margit adds the app and asks for something, the florist in Slack takes it, and Greta has a question."""
    margit, greta, flora = tenant.person(MARGIT), tenant.person(GRETA), workspace.person(DESIGNER)
    await margit.install()
    await margit.say(
        margit.chat, "/request two centrepieces for the investors’ lunch by tomorrow 11:00 !high"
    )
    await _settled(workspace, app)
    filed = next(found for one in margit.sees(margit.chat) if (found := FILED.search(one.summary)))
    await flora.command(SHOP_DESK, f"/request take {filed[1]} by tomorrow 10:00")
    await greta.say(
        GENERAL, "Has anybody seen last month’s invoice for the cold room? I cannot close the books."
    )
    await _settled(workspace, app)
    forget_whispers(workspace)


async def _settled(workspace: Workspace, app: Deskbell) -> None:
    await app.finish()
    await app.courier.deliver_due()
    await workspace.settled()
