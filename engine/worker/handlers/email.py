"""Sends an e-mail made from a letter, by the record of what left and when."""

import smtplib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql

from engine import feel, letters
from engine.db.tables import Document, OutgoingMail
from engine.runtime import provider_links
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Outcome, Tools, header, letter
from engine.worker.handlers.recipients import addresses

LINK_VALID = timedelta(days=60)
"""The outer bound of a provider's link; the provider's task itself closes by its own timer."""


def send_email(job: Leased, tools: Tools) -> Outcome:
    """Headers: `to` (see `recipients.addresses`), `subject`, `template`, `attach` (a document's name)."""
    with tools.database.read() as connection:
        recipients = addresses(connection, tools, job, header(job, "to"))
        template = letter(job, tools, connection)
        attached = _attached(connection, job)
    try:
        text = letters.fill(template, _variables(job, tools, template), job.environment)
    except letters.LetterError as error:
        raise HandlerError(str(error)) from error
    message = _message(job, tools, recipients, text)
    if attached is not None:
        main, _, sub = attached.media_type.partition("/")
        message.add_attachment(
            bytes(attached.content), maintype=main, subtype=sub, filename=f"{attached.name}.html"
        )
    try:
        tools.mail.send(message)
    except (OSError, smtplib.SMTPException) as error:
        raise HandlerError(
            f"The mail server did not take the e-mail: {error}. Mend it, then retry."
        ) from error
    return Outcome(record=lambda connection: _record(connection, job, message, recipients, text))


def _variables(job: Leased, tools: Tools, template: letters.Letter) -> Mapping[str, feel.Value]:
    """The case's variables, and a fresh link for the provider where the letter has a place for it."""
    if "provider_link" not in template.names:
        return job.variables
    assert job.environment.at is not None
    with tools.database.begin() as connection:
        token = provider_links.issue(
            connection,
            secret_key=tools.secret_key,
            instance_id=job.instance_id,
            expires_at=job.environment.at + LINK_VALID,
            at=job.environment.at,
        )
    return dict(job.variables) | {"provider_link": f"{tools.address}/provider/{token}"}


def _message(job: Leased, tools: Tools, recipients: Iterable[str], text: str) -> EmailMessage:
    assert job.environment.at is not None
    message = EmailMessage()
    message["From"] = tools.sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = f"{header(job, 'subject')} ({job.reference})"
    message["Date"] = job.environment.at
    # A repeated sending keeps its identity, so that a mailbox can tell.
    message["Message-ID"] = f"<{job.idempotency_key}@{tools.sender.rpartition('@')[2]}>"
    message.set_content(letters.as_text(text))
    return message


def _attached(connection: Connection, job: Leased) -> Row[str, str, bytes] | None:
    name = job.headers.get("attach")
    if not name:
        return None
    query = (
        select(Document.name, Document.media_type, Document.content)
        .where(Document.instance_id == job.instance_id, Document.name == name)
        .order_by(Document.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise HandlerError(f"The case has no document '{name}' to attach. Make it first, then retry.")
    return row


def _record(
    connection: Connection, job: Leased, message: EmailMessage, recipients: list[str], text: str
) -> None:
    statement = postgresql.insert(OutgoingMail).values(
        instance_id=job.instance_id,
        message_id=message["Message-ID"],
        recipients=recipients,
        subject=message["Subject"],
        body=text,
        sent_at=job.environment.at,
    )
    connection.execute(statement.on_conflict_do_nothing())
