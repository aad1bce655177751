"""Every setting, typed, from `DESKBELL_…` variables or `.env`. Secrets are never printed."""

import re
from datetime import time
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.emoji import mark
from bot.pieces import leads_to_the_web
from handlers.hours import public_holidays, read_week
from storage.database import parse_url

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLACK_API = "https://slack.com/api/"
TEAMS_KEYS = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TEAMS_LOGIN = "https://login.microsoftonline.com"
TEAMS_SERVICE = "https://smba.trafficmanager.net/teams/"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names of this machine."""
_EMOJI = re.compile(r"[^\s:,;]+")
_DIGEST = re.compile(
    r"(?P<day>[a-z]{3})[a-z]*\s+(?P<at>\d{1,2}:\d{2})\s+(?P<channel>\S+)(?:\s+(?P<zone>\S+))?", re.IGNORECASE
)
_DIGEST_HELP = 'should look like "mon 09:00 general", with a time zone after it if you like'


class BadSettings(Exception):
    """The settings cannot be used; the message is one line for whoever runs Deskbell."""


class Settings(BaseSettings):
    """What whoever runs Deskbell may choose. Each field's description stands in `docs/settings.md`."""

    model_config = SettingsConfigDict(
        env_prefix="DESKBELL_", env_file=".env", extra="ignore", hide_input_in_errors=True, frozen=True
    )

    database_url: str = Field(
        default="sqlite:///deskbell.db",
        description="Where requests are kept: a SQLite file, or `postgresql://user:password@host/name`.",
        repr=False,
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on; `0.0.0.0` for all.")
    port: int = Field(
        default=8080, ge=0, le=65535, description="The port to listen on; 0 for any that is free."
    )
    public_url: str = Field(
        default="",
        description="Where colleagues' browsers find it: `https://desk.example.com`.",
    )
    organisation: str = Field(
        default="main", min_length=1, max_length=100, description="The name under which everything is kept."
    )
    slack_bot_token: SecretStr | None = Field(
        default=None, description="The bot's token; it begins with `xoxb-`."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Proves that a request comes from Slack. Not needed with Socket Mode."
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        description="When set, it begins with `xapp-` and Socket Mode is used: no public address needed.",
    )
    slack_api_url: str = Field(
        default=SLACK_API, description="Where Slack's Web API is; change it for tests only."
    )
    teams_app_id: str = Field(default="", description="The bot's app ID (client ID) at Microsoft.")
    teams_app_password: SecretStr | None = Field(default=None, description="The client secret of that app.")
    teams_tenant_id: str = Field(default="", description="The organisation's tenant ID; others are refused.")
    teams_development: bool = Field(
        default=False,
        description="Serve Teams without an app ID and without tokens: for a local playground only.",
    )
    teams_openid_url: str = Field(
        default=TEAMS_KEYS,
        description="Where Microsoft's signing keys are; change it for other clouds and tests.",
    )
    teams_login_url: str = Field(
        default=TEAMS_LOGIN, description="Where tokens are had; change it for other clouds and tests."
    )
    teams_service_url: str = Field(
        default=TEAMS_SERVICE, description="Where Teams listens until a conversation says otherwise."
    )
    triage_channel: str = Field(
        default="",
        description="The channel where cards go: `desk` or its ID; on Teams the link to the channel.",
    )
    lead: str = Field(
        default="",
        description="Who hears when nobody else can: `@ann` or their ID; on Teams their e-mail address.",
    )
    link_people: bool = Field(
        default=False,
        description="Whether the same verified e-mail address on both platforms is one person.",
    )
    hours: str = Field(
        default="mon-fri 09:00-17:00",
        description="When the team works: days, then spans of hours; entries are parted by `;`.",
    )
    holidays: str = Field(
        default="", description="Whose public holidays are no working days: `SE`, or `DE-BY` for a part."
    )
    timezone: str = Field(default="UTC", description="The team's time zone, such as `Europe/Stockholm`.")
    digest: str = Field(
        default="",
        description="When and where the weekly digest goes: `mon 09:00 general`. Several are parted by `;`.",
    )
    scale: str = Field(
        default="rage slightly_frowning_face neutral_face slightly_smiling_face star-struck",
        description="Five emoji names for the ratings 1 to 5.",
    )
    away_status: str = Field(
        default="palm_tree face_with_thermometer",
        description="Names of emoji; whoever has one of them in their status on Slack is away.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is logged: `debug`, `info`, `warning` or `error`."
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        parse_url(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"there is no time zone {value!r}; one is called Europe/Stockholm, another UTC")
        return value

    @field_validator("hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        read_week(value)
        return value

    @field_validator("holidays")
    @classmethod
    def _known_holidays(cls, value: str) -> str:
        public_holidays(value, range(2026, 2027))
        return value

    @field_validator("public_url")
    @classmethod
    def _leads_here(cls, value: str) -> str:
        if value and not leads_to_the_web(value):
            raise ValueError("must begin with https://")
        return value.rstrip("/")

    @field_validator("slack_api_url", "teams_service_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https://")
        return value if value.endswith("/") else value + "/"

    @field_validator("digest")
    @classmethod
    def _readable_digest(cls, value: str) -> str:
        parse_digests(value, "UTC")
        return value

    @field_validator("scale")
    @classmethod
    def _five_emoji(cls, value: str) -> str:
        names = [name.strip(":") for name in value.split()]
        if len(names) != 5 or len(set(map(mark, names))) != 5:
            raise ValueError("names five different emoji, for the ratings 1 to 5")
        return " ".join(names)

    @field_validator("away_status")
    @classmethod
    def _emoji_names(cls, value: str) -> str:
        names = [name.strip(":") for name in value.split()]
        if not all(map(_EMOJI.fullmatch, names)):
            raise ValueError("names emoji such as palm_tree, parted by spaces")
        return " ".join(names)

    @model_validator(mode="after")
    def _slack_is_whole(self) -> Self:
        if self.slack_bot_token is None:
            return self
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise ValueError(
                "DESKBELL_SLACK_SIGNING_SECRET is missing; or set DESKBELL_SLACK_APP_TOKEN to use Socket Mode"
            )
        return self

    @model_validator(mode="after")
    def _teams_is_whole(self) -> Self:
        if self.teams_development and not self.teams_app_id:
            if self.host not in LOOPBACK:
                raise ValueError(
                    "DESKBELL_TEAMS_DEVELOPMENT lets everybody in, so DESKBELL_HOST must stay 127.0.0.1"
                )
            return self
        parts = {
            "DESKBELL_TEAMS_APP_ID": self.teams_app_id,
            "DESKBELL_TEAMS_APP_PASSWORD": self.teams_app_password
            and self.teams_app_password.get_secret_value(),
            "DESKBELL_TEAMS_TENANT_ID": self.teams_tenant_id,
        }
        missing = [name for name, value in parts.items() if not value]
        if missing and len(missing) < len(parts):
            raise ValueError(f"{missing[0]} is missing; without it nobody can prove that they are Teams")
        return self

    @property
    def on_slack(self) -> bool:
        """Whether Slack is served."""
        return self.slack_bot_token is not None

    @property
    def on_teams(self) -> bool:
        """Whether Teams is served."""
        return bool(self.teams_app_id) or self.teams_development

    @property
    def marks(self) -> tuple[str, ...]:
        """The scale's emoji, for 1 to 5, each by the one name it has."""
        return tuple(map(mark, self.scale.split()))

    @property
    def away_marks(self) -> frozenset[str]:
        """The emoji of a status that says that somebody is away, each by the one name it has."""
        return frozenset(map(mark, self.away_status.split()))


def load() -> Settings:
    """Read the settings, or raise `BadSettings` with one line that says which and why."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings(_one_line(error)) from None


def require_a_platform(settings: Settings) -> None:
    """Raise `BadSettings` when there is no chat to serve."""
    if not settings.on_slack and not settings.on_teams:
        raise BadSettings(
            "No chat is set up: set DESKBELL_SLACK_BOT_TOKEN for Slack or DESKBELL_TEAMS_APP_ID for Teams; "
            "“deskbell demo” needs neither."
        )


def parse_digests(text: str, zone: str) -> list[tuple[int, time, str, str]]:
    """Weekday (Monday is 0), time, channel and zone of each digest; ValueError when one cannot be read."""
    return [_parse_digest(part.strip(), zone) for part in text.split(";") if part.strip()]


def _parse_digest(text: str, zone: str) -> tuple[int, time, str, str]:
    found = _DIGEST.fullmatch(text)
    if found is None or found["day"].lower() not in WEEKDAYS:
        raise ValueError(_DIGEST_HELP)
    try:
        hour, minute = map(int, found["at"].split(":"))
        at = time(hour, minute)
    except ValueError:
        raise ValueError(_DIGEST_HELP) from None
    if found["zone"] and found["zone"] not in available_timezones():
        raise ValueError(f"there is no time zone {found['zone']!r}")
    return WEEKDAYS.index(found["day"].lower()), at, found["channel"], found["zone"] or zone


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    why = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return why
    return f"DESKBELL_{str(first['loc'][0]).upper()}: {why[0].lower()}{why[1:]}"
