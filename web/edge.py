"""Where a request meets the engine: its transactions and its moment."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, g
from sqlalchemy import Connection

from engine.clock import london_date
from engine.db import Database
from engine.runtime.library import Library
from web.settings import Settings

EXTENSION = "sccif"


@dataclass(frozen=True, slots=True)
class Edge:
    """What the application was made with."""

    database: Database
    library: Library
    settings: Settings


def edge() -> Edge:
    """The running application's database, library and settings."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Edge)
    return found


def reading() -> AbstractContextManager[Connection]:
    """A transaction that cannot write."""
    return edge().database.read()


def reading_within(seconds: float) -> AbstractContextManager[Connection]:
    """The same that ends in its time. Raises `CutOffError`."""
    return edge().database.read_within(seconds)


def writing() -> AbstractContextManager[Connection]:
    """A transaction that is committed when its block ends well."""
    return edge().database.begin()


def library() -> Library:
    """The cache of compiled definitions."""
    return edge().library


def now() -> datetime:
    """The moment of this request: the same however often it is asked. Aware, UTC."""
    if "now" not in g:
        g.now = edge().settings.clock()
    moment = g.now
    assert isinstance(moment, datetime)
    return moment


def today() -> date:
    """The London day of this request."""
    return london_date(now())
