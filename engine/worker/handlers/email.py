"""Sends an e-mail made from a letter, by the record of what left and when."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql

from engine import feel, letters
from engine.db.tables import Document, OutgoingMail
from engine.dialect import MAIL_REFUSED
from engine.runtime import provider_links
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Outcome, RejectedError, Tools, header, letter
from engine.worker.handlers.recipients import addresses
from engine.worker.handlers.time_limit import for_the_peer
from engine.worker.mail import MailRefusedError, Refusal, told

LINK_VALID = timedelta(days=60)
"""The outer bound of a provider's link; the provider's task itself closes by its own timer."""


def send_email(job: Leased, tools: Tools) -> Outcome:
    """Headers: `to` (see `recipients.addresses`), `subject`, `template`, `attach` (a document's name).

    If the server takes it for some and refuses others, the first are recorded, the job fails with the names
    of the others, and its next try sends to them alone. What is refused for good is the BPMN error
    `mail-refused`.
    """
    with tools.database.read() as connection:
        recipients = addresses(connection, tools, job, header(job, "to"))
        had = _had(connection, _message_id(job, tools))
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
    waiting = [each for each in recipients if each not in had]
    refused = _send(tools, message, waiting, within=for_the_peer(job))
    sent = [each for each in waiting if each not in refused]
    if not refused:
        return Outcome(record=lambda connection: _record(connection, job, message, sent, text))
    with tools.database.begin() as connection:  # it has left, although the job is not done
        _record(connection, job, message, sent, text)
    raise _error(
        f"The mail server refused the e-mail for {told(refused)}. The others have it.",
        "Correct these, then retry.",
        is_final=all(each.is_final for each in refused.values()),
    )


def _error(said: str, remedy: str, *, is_final: bool) -> HandlerError:
    return RejectedError(MAIL_REFUSED, said, remedy) if is_final else HandlerError(f"{said} {remedy}")


def _send(tools: Tools, message: EmailMessage, to: list[str], *, within: float) -> Mapping[str, Refusal]:
    """The addresses that were refused; nothing is sent to nobody."""
    if not to:
        return {}
    try:
        return tools.mail.send(message, to, within=within)
    except MailRefusedError as error:
        said = f"The mail server did not take the e-mail: {error}."
        raise _error(said, "Mend it, then retry.", is_final=error.is_final) from error


def _had(connection: Connection, message_id: str) -> frozenset[str]:
    """Who was sent this e-mail by an earlier try."""
    query = select(OutgoingMail.recipients).where(OutgoingMail.message_id == message_id)
    return frozenset(connection.execute(query).scalar_one_or_none() or ())


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
    message["Message-ID"] = _message_id(job, tools)
    message.set_content(letters.as_text(text))
    return message


def _message_id(job: Leased, tools: Tools) -> str:
    """A repeated sending keeps its identity, so that a mailbox can tell."""
    _, sender = parseaddr(tools.sender)
    return f"<{job.idempotency_key}@{sender.rpartition('@')[2]}>"


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


def _record(connection: Connection, job: Leased, message: EmailMessage, sent: list[str], text: str) -> None:
    """Write down to whom the e-mail has left, beside whom it left to before."""
    statement = postgresql.insert(OutgoingMail).values(
        instance_id=job.instance_id,
        message_id=message["Message-ID"],
        recipients=sent,
        subject=message["Subject"],
        body=text,
        sent_at=job.environment.at,
    )
    everyone = OutgoingMail.recipients + statement.excluded.recipients
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[OutgoingMail.message_id], set_={"recipients": everyone}
        )
    )
