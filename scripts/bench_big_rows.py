# ruff: noqa: S608 - whatever is put into a statement stands in this file
"""What stands in the big database: a few statements that draw the same numbers in every run.

Three thousand people ask ten teams and the organisation's own desk for fifty services. Most of it is resolved
in hours or days, before a target or after it, some as promised; some is private, some cancelled, and what is
open is mostly young. Two of five resolutions were asked about. What was voted follows the service's privacy,
and half of the bad votes were made good and asked about once more.
"""

from storage import tables

TEAMS, HELPERS, ASKING, SERVICES = 10, 6, 3_000, 50
CONFIDENTIAL, ANONYMOUS = (7, 23, 41), (11, 29, 47)


def _die(salt: int, sides: int) -> str:
    """A number below `sides`, another one for each request and each salt."""
    return f"((((number * {salt}) % 4294967296) >> 8) % {sides})"


_MINUTE, _HOUR, _DAY = 60_000_000, 3_600_000_000, 86_400_000_000
_WALL = "strftime('%Y-%m-%dT%H:%M', {} / 1000000, 'unixepoch') || '[Europe/Stockholm]'"

_DRAWN = f"""
CREATE TEMP TABLE drawn AS
WITH RECURSIVE
n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < :weeks * :each),
who AS (
    SELECT number, {_die(2654435761, 60)} AS offer, {_die(2246822519, HELPERS)} AS helper,
        {_die(3266489917, ASKING)} AS asker, {_die(668265263, 10_000)} AS fate,
        (:weeks - 1 - (number - 1) / :each) AS age, (number - 1) * 2400 / :each AS minute
    FROM n
),
begun AS (
    SELECT *, CASE WHEN offer < 50 THEN offer / 5 WHEN offer < 57 THEN offer - 50 ELSE 10 END AS team,
        :first + minute / 2400 * 7 * {_DAY} + minute % 2400 / 480 * {_DAY}
            + 9 * {_HOUR} + minute % 480 * {_MINUTE} + number % 60 * 1000000 AS filed_at,
        fate < CASE age WHEN 0 THEN 1600 WHEN 1 THEN 600 WHEN 2 THEN 250 WHEN 3 THEN 100 ELSE 3 END AS left
    FROM who
),
answered AS (
    SELECT *, filed_at + (5 + {_die(374761393, 240)}) * {_MINUTE} AS responded_at FROM begun
),
ended AS (
    SELECT *, responded_at + (10 + {_die(805459861, 1_000)}) * {_MINUTE}
        * CASE WHEN {_die(1103515245, 10)} = 0 THEN 8 ELSE 1 END AS ended_at
    FROM answered
)
SELECT *, ended_at IS NOT NULL AND ended_at < :now AND NOT left AS over,
    fate >= 9700 AS cancelled,
    CASE WHEN offer < 50 THEN 'service-' || offer ELSE '' END AS service,
    CASE WHEN team < 10 THEN 'team-' || team ELSE '' END AS team_key,
    printf('slack:UH%02d', team * {HELPERS} + helper) AS person,
    {_die(1597334677, 100)} < 4 AS hidden,
    1 + ({_die(461845907, 20)} = 0) AS times,
    filed_at + CASE WHEN {_die(3432918353, 10)} < 3 THEN {_DAY}
        WHEN {_die(3432918353, 10)} < 9 THEN 5 * {_DAY} END AS owed_at,
    CASE WHEN {_die(2869860233, 5)} = 0 THEN {_WALL.format(f"(filed_at + 2 * {_DAY})")} END AS promised
FROM ended
"""

_OVERRIDDEN = {
    "number": "drawn.number",
    "status": "CASE WHEN over AND cancelled THEN 'cancelled' WHEN over THEN 'closed' "
    "WHEN fate % 10 < 4 THEN 'open' WHEN fate % 10 < 8 THEN 'taken' ELSE 'waiting' END",
    "requester": "'slack:UR' || asker",
    "filed_by": "'slack:UR' || asker",
    "owner": "CASE WHEN over OR fate % 10 >= 4 THEN person END",
    "place": "printf('slack:C%02d', drawn.team)",
    "team": "drawn.team_key",
    "service": "drawn.service",
    "private": "hidden",
    "filed_at": "drawn.filed_at",
    "moved_at": "drawn.filed_at",
    "responded_at": "CASE WHEN over OR fate % 10 >= 4 THEN drawn.responded_at END",
    "resolved_at": "CASE WHEN over AND NOT cancelled THEN drawn.ended_at END",
    "ended_at": "CASE WHEN over THEN drawn.ended_at END",
    "ended_by": "CASE WHEN over THEN person END",
    "resolutions": "CASE WHEN over AND NOT cancelled THEN times ELSE 0 END",
    "paused_at": "CASE WHEN NOT over AND fate % 10 >= 8 THEN drawn.responded_at END",
    "waiting_on": "CASE WHEN NOT over AND fate % 10 >= 8 THEN 'requester' END",
    "resolve_by": "owed_at",
    "promise": "promised",
}


def _requests() -> str:
    """Each like the first one, but for what was drawn."""
    names = [column.name for column in tables.requests.columns]
    values = [_OVERRIDDEN.get(name, f"alike.{name}") for name in names]
    return (
        f"INSERT INTO requests ({', '.join(names)}) SELECT {', '.join(values)} "
        "FROM drawn JOIN requests AS alike ON alike.org = :org AND alike.number = 0"
    )


_PRIVACY = (
    f"CASE WHEN offer IN {ANONYMOUS} THEN 'anonymous' "
    f"WHEN offer IN {CONFIDENTIAL} THEN 'confidential' ELSE 'named' END"
)
_SCORE = f"substr('11222333344444444445555555555555555', 1 + {_die(2024237689, 35)}, 1) + 0"
_VOTED = f"""
CREATE TEMP TABLE voted AS
WITH polled AS (
    SELECT *, {_PRIVACY} AS privacy, ended_at + {_die(1431655781, 1440)} * {_MINUTE} AS voted_at,
        {_SCORE} AS score, {_die(1218640799, 10)} < 6 AS answers
    FROM drawn WHERE over AND NOT cancelled AND {_die(3935559001, 100)} < 40
),
counted AS (
    SELECT *, answers AND voted_at < :now AS has_voted, ended_at + 7 * {_DAY} AS close_at FROM polled
)
SELECT *,
    CASE WHEN has_voted AND score <= 2 AND privacy <> 'anonymous' AND {_die(2891336453, 2)} = 0
        AND voted_at + {_DAY} < :now THEN voted_at + {_DAY} END AS made_good_at
FROM counted
"""
_ONE_POLL = (
    "INSERT INTO polls (org, number, resolution, person, resolver, asked_at, closed_at, score, voted_at, "
    "comment, reasons, team, service, privacy, put_at, close_at, closed_why, quotable) "
)
_FIRST_POLLS = f"""
{_ONE_POLL}
SELECT :org, voted.number, requests.resolutions, requester, person, voted.ended_at,
    CASE WHEN made_good_at IS NOT NULL THEN made_good_at WHEN close_at < :now THEN close_at END,
    CASE WHEN told THEN score END, CASE WHEN told THEN voted_at END,
    CASE WHEN told AND fate % 6 = 0 AND privacy <> 'anonymous' THEN 'That was quick, and kind.' ELSE '' END,
    CASE WHEN told AND score <= 2 AND fate % 3 > 0 THEN '["timeliness"]' ELSE '[]' END,
    voted.team_key, voted.service, privacy,
    CASE WHEN fate % 20 > 0 THEN voted.ended_at END, close_at,
    CASE WHEN made_good_at IS NOT NULL THEN 'asked again' WHEN close_at < :now THEN 'over' ELSE '' END,
    told AND fate % 18 = 0 AND privacy = 'named'
FROM (SELECT *, has_voted AND (privacy <> 'anonymous' OR close_at >= :now) AS told FROM voted) AS voted
JOIN requests ON requests.org = :org AND requests.number = voted.number
"""
_SECOND_POLLS = f"""
{_ONE_POLL}
SELECT org, number, -resolution, person, resolver, closed_at,
    CASE WHEN closed_at + 7 * {_DAY} < :now THEN closed_at + 7 * {_DAY} END,
    CASE WHEN number % 3 > 0 THEN 2 + number % 4 END, CASE WHEN number % 3 > 0 THEN closed_at END,
    '', '[]', team, service, privacy, closed_at, closed_at + 7 * {_DAY},
    CASE WHEN closed_at + 7 * {_DAY} < :now THEN 'over' ELSE '' END, 0
FROM polls WHERE closed_why = 'asked again'
"""
_RECOVERIES = f"""
INSERT INTO recoveries (org, poll, number, opened_at, check_at, made_good_at, made_good_by, what)
SELECT org, id, number, voted_at,
    CASE WHEN again IS NULL AND voted_at + {_DAY} >= :now THEN voted_at + {_DAY} END, again,
    CASE WHEN again IS NOT NULL THEN resolver END, ''
FROM (SELECT *, CASE WHEN closed_why = 'asked again' THEN closed_at END AS again FROM polls)
WHERE resolution > 0 AND score <= 2 AND privacy <> 'anonymous'
"""
_UNNAMED = """
INSERT INTO anonymous_votes (org, team, service, week, score, reasons, votes)
SELECT :org, team_key, service, week, CASE WHEN has_voted THEN score ELSE 0 END,
    CASE WHEN has_voted AND score <= 2 THEN '["timeliness"]' ELSE '[]' END, count(*)
FROM voted JOIN isoweeks ON close_at >= start AND close_at < until
WHERE privacy = 'anonymous' AND close_at < :now AND fate % 20 > 0 GROUP BY 2, 3, 4, 5, 6
"""
_A_POST = (
    "INSERT INTO posts (org, key, kind, place, number, person, ref, message, attempts, error, revision) "
)
_CARDS = (
    f"{_A_POST} SELECT org, 'card:' || number || ':' || place, 'card', place, number, NULL, '', "
    "place || '/' || number || '.1', 0, '', 2 FROM requests WHERE number > 0"
)
_QUESTIONS = (
    f"{_A_POST} SELECT org, 'poll:' || number || ':' || resolution, 'poll', person, number, person, id, "
    "'slack:D' || substr(person, 8) || '/' || id || '.2', 0, '', 2 FROM polls WHERE put_at IS NOT NULL"
)
STEPS: dict[str, tuple[str, ...]] = {
    "drawing": (_DRAWN,),
    "filing": (
        _requests(),
        "DELETE FROM requests WHERE number = 0",
        "UPDATE counters SET requests = :weeks * :each WHERE org = :org",
    ),
    "asking": (_VOTED, _FIRST_POLLS, _SECOND_POLLS, _RECOVERIES, _UNNAMED),
    "posting": (_CARDS, _QUESTIONS),
    "tidying": ("DROP TABLE voted", "DROP TABLE drawn", "DROP TABLE isoweeks"),
}
"""What is written, a unit for each step."""
