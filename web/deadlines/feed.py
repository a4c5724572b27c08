"""The calendar feed: case references and names of deadlines, and nothing that tells a service."""

from datetime import timedelta

from flask import url_for
from icalendar import Calendar, Event
from sqlalchemy import Connection

from engine.queries import deadlines, people
from engine.queries.deadlines import DeadlineFilter, DeadlineLine
from engine.queries.reach import cases_seen_by
from engine.runtime import feeds
from web import edge
from web.access import me
from web.reach import reach_of

PRODUCT = "-//Inspect children's social care//Deadlines//EN"


def address(connection: Connection) -> str:
    """The visitor's feed, as their calendar program asks for it; empty without one."""
    feed_id = deadlines.feed_of(connection, me().id)
    if feed_id is None:
        return ""
    token = feeds.token(feed_id, secret_key=edge.edge().settings.secret_key)
    return url_for("deadlines.calendar_feed", token=token, _external=True)


def written(connection: Connection, token: str) -> bytes:
    """The feed (RFC 5545) behind a token. Raises `LinkRefusedError`."""
    user_id = feeds.owner(connection, token, secret_key=edge.edge().settings.secret_key)
    person = people.person(connection, user_id)
    assert person is not None
    seen = cases_seen_by(reach_of(connection, person))
    found = deadlines.lines(seen, DeadlineFilter()).where(deadlines.of_person(user_id))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Deadlines")
    for line in deadlines.everything(connection, found):
        calendar.add_component(_event(line))
    return bytes(calendar.to_ical())


def _event(line: DeadlineLine) -> Event:
    """A day of one's own calendar. No place, no words that people typed: unannounced visits stay so."""
    event = Event()
    event.add("uid", f"deadline-{line.id}@sccif")
    event.add("dtstamp", edge.now())
    event.add("dtstart", line.due_on)
    event.add("dtend", line.due_on + timedelta(days=1))
    event.add("summary", f"{line.reference}: {line.name}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
