"""What a handler is given and gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine import feel, letters
from engine.db import Database
from engine.runtime.jobs import Leased
from engine.runtime.library import Library
from engine.worker.mail import Mail


class HandlerError(Exception):
    """A job could not be done; the message says why and how to mend it."""


class RejectedError(HandlerError):
    """The other side said no, and would say so again: a BPMN error.

    An error event that catches its `code` takes the case another way; where none does, people are told at
    once. The task header `errorVariable` names the variable that takes `code` and `message`.
    """

    def __init__(self, code: str, said: str, remedy: str) -> None:
        super().__init__(f"{said} {remedy}")
        self.code, self.said, self.remedy = code, said, remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What handlers work with. `address` is where people reach the web pages.

    `webhook_hosts` are the only ones that webhooks may reach: "host", "host:port" or, without encryption,
    "http://host:port".
    """

    database: Database
    library: Library
    mail: Mail
    sender: str
    address: str
    secret_key: str
    webhook_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A job's result variables, and what to write in the transaction that records it as done."""

    result: Mapping[str, feel.Value] = field(default_factory=dict)
    record: Callable[[Connection], None] | None = None


Handler = Callable[[Leased, Tools], Outcome]


def checked(given: object) -> Outcome:
    """What a handler gave, if it is what handlers give. Raises `HandlerError`."""
    if not isinstance(given, Outcome):
        raise HandlerError(f"The handler gave a {type(given).__name__} instead of its outcome. Correct it.")
    try:
        feel.to_json(dict(given.result))
    except (TypeError, ValueError, feel.NotJsonError) as error:
        raise HandlerError(f"The handler's result holds no FEEL values: {error}. Correct it.") from error
    return given


def header(job: Leased, name: str) -> str:
    """A header the job must have. Raises `HandlerError`."""
    value = job.headers.get(name)
    if not value:
        raise HandlerError(f"The task header '{name}' is missing. Add it to the task in the diagram.")
    return value


def letter(job: Leased, tools: Tools, connection: Connection) -> letters.Letter:
    """The letter that the header `template` names, as deployed with the case's process."""
    name = f"letters/{header(job, 'template')}.md"
    try:
        return letters.read(tools.library.resource(connection, job.deployment_id, name))
    except letters.LetterError as error:
        raise HandlerError(f"Letter {name}: {error}") from error
