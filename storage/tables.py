"""Every table. Each begins with the organisation; each due time has a partial index of its own."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage.counted import metadata as metadata
from storage.counted import relations as relations
from storage.counted import subscriptions as subscriptions
from storage.counted import weeks as weeks
from storage.polled import anonymous_votes as anonymous_votes
from storage.polled import ballots as ballots
from storage.polled import polls as polls
from storage.polled import recoveries as recoveries
from storage.types import Instant, Names, Pairs, Wall

counters = Table(
    "counters",
    metadata,
    Column("org", Text, primary_key=True),
    Column("requests", Integer, nullable=False),
    Column("catalogue", Integer, nullable=False, server_default="0"),
)

people = Table(
    "people",
    metadata,
    Column("org", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("bot", Boolean, nullable=False),
    Column("slots", Text, nullable=False),
    Column("quiet_days", Names, nullable=False),
    Column("known", Boolean, nullable=False),
    Column("email", Text, nullable=False, server_default=""),
    Column("same_as", Text),
    Column("reach", Text, nullable=False, server_default=""),
    Column("away_until", Instant),
    Column("cover", Text),
    Column("absent_until", Instant),
    Index("ix_people_handle", "org", "handle"),
)
HAS_EMAIL = people.c.email != literal_column("''")
"""The partial index below repeats this condition word for word."""
Index("ix_people_email", people.c.org, people.c.email, sqlite_where=HAS_EMAIL, postgresql_where=HAS_EMAIL)
Index(
    "ix_people_same_as",
    people.c.org,
    people.c.same_as,
    sqlite_where=people.c.same_as.is_not(None),
    postgresql_where=people.c.same_as.is_not(None),
)

members = Table(
    "members",
    metadata,
    Column("org", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("person", Text, primary_key=True),
)

conversations = Table(
    "conversations",
    metadata,
    Column("org", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("service_url", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("team", Text, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("org", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("org", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lead", Text),
    Column("place", Text),
    Column("zone", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("holidays", Text, nullable=False),
    Column("days_off", Names, nullable=False),
    Column("rule", Text, nullable=False),
    Column("rota", Names, nullable=False),
    Column("rota_from", Text, nullable=False),
    Column("slots", Names, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("served_last", Text),
)

swaps = Table(
    "swaps",
    metadata,
    Column("org", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("monday", Text, primary_key=True),
    Column("person", Text, nullable=False),
)

services = Table(
    "services",
    metadata,
    Column("org", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("form", Names, nullable=False),
    Column("targets", Names, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("rule", Text),
    Column("sampling", Integer, nullable=False),
    Column("privacy", Text, nullable=False),
    Column("retention", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("org", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("requester", Text, nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("owner", Text),
    Column("place", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("needed_by", Wall),
    Column("promise", Wall),
    Column("filed_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("respond_by", Instant),
    Column("resolve_by", Instant),
    Column("responded_at", Instant),
    Column("resolved_at", Instant),
    Column("resolutions", Integer, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Column("paused_at", Instant),
    Column("waiting_on", Text),
    Column("waiting_request", Integer),
    Column("waiting_until", Instant),
    Column("question", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("last_note", Text, nullable=False),
    Column("last_note_by", Text),
    Column("snoozed_until", Instant),
    Column("snooze_reason", Text, nullable=False),
    Column("nudge_at", Instant),
    Column("escalated_at", Instant),
    Column("followers", Names, nullable=False),
    Column("searchable", Text, nullable=False),
    Column("team", Text, nullable=False, server_default=""),
    Column("service", Text, nullable=False, server_default=""),
    Column("answers", Pairs, nullable=False, server_default="[]"),
    Column("homeless", Text, nullable=False, server_default=""),
)
Index(
    "ix_requests_nudge",
    requests.c.nudge_at,
    requests.c.org,
    requests.c.number,
    sqlite_where=requests.c.nudge_at.is_not(None),
    postgresql_where=requests.c.nudge_at.is_not(None),
)
UNFINISHED = requests.c.ended_at.is_(None)
"""Open, taken or waiting. The partial indexes below repeat this condition word for word."""
Index(
    "ix_requests_unfinished",
    requests.c.org,
    requests.c.owner,
    requests.c.filed_at,
    requests.c.number,
    sqlite_where=UNFINISHED,
    postgresql_where=UNFINISHED,
)
HOMELESS = requests.c.homeless != literal_column("''")
"""The partial index below repeats this condition word for word."""
Index(
    "ix_requests_homeless",
    requests.c.org,
    requests.c.team,
    sqlite_where=HOMELESS,
    postgresql_where=HOMELESS,
)
Index("ix_requests_requester", requests.c.org, requests.c.requester, requests.c.filed_at)
Index("ix_requests_filed", requests.c.org, requests.c.filed_at)
Index(
    "ix_requests_resolved",
    requests.c.org,
    requests.c.resolved_at,
    sqlite_where=requests.c.resolved_at.is_not(None),
    postgresql_where=requests.c.resolved_at.is_not(None),
)
ENDED = requests.c.ended_at.is_not(None)
Index(
    "ix_requests_ended",
    requests.c.org,
    requests.c.ended_at,
    sqlite_where=ENDED,
    postgresql_where=ENDED,
)
Index(
    "ix_requests_chain",
    requests.c.org,
    requests.c.waiting_request,
    sqlite_where=requests.c.waiting_request.is_not(None),
    postgresql_where=requests.c.waiting_request.is_not(None),
)

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Text),
    Column("verb", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("team_only", Boolean, nullable=False),
    Column("key", Text),
    UniqueConstraint("org", "key"),
    ForeignKeyConstraint(["org", "number"], ["requests.org", "requests.number"]),
    Index("ix_history_number", "org", "number", "id"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("number", Integer),
    Column("person", Text),
    Column("ref", Text, nullable=False),
    Column("message", Text),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("org", "key"),
    Index("ix_posts_number", "org", "number"),
)
Index(
    "ix_posts_owed",
    posts.c.org,
    posts.c.place,
    posts.c.id,
    posts.c.due_at,
    sqlite_where=posts.c.due_at.is_not(None),
    postgresql_where=posts.c.due_at.is_not(None),
)
Index(
    "ix_posts_message",
    posts.c.org,
    posts.c.message,
    sqlite_where=posts.c.message.is_not(None),
    postgresql_where=posts.c.message.is_not(None),
)

places = Table(
    "places",
    metadata,
    Column("org", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("free_at", Instant, nullable=False),
    Column("lease", Text, nullable=False),
)

report_keys = Table(
    "report_keys",
    metadata,
    Column("org", Text, primary_key=True),
    Column("secret", Text, nullable=False),
)

report_visits = Table(
    "report_visits",
    metadata,
    Column("org", Text, primary_key=True),
    Column("link", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

raised = Table(
    "raised",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("post_key", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Index("ix_raised_number", "org", "number", "raised_at"),
    Index("ix_raised_post_key", "org", "post_key"),
)
