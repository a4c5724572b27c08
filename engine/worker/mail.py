"""Sends e-mail: to an SMTP server, or, where there is none, into a folder that can be read."""

import logging
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

log = logging.getLogger(__name__)

SECONDS = 30
"""How long one answer of a mail server is waited for."""


class MailSettingsError(ValueError):
    """The address of the mail server cannot be used."""


class MailRefusedError(Exception):
    """Nobody was sent the message; it says why, in the server's words."""


class Mail(Protocol):
    """A way for e-mail to leave."""

    def send(self, message: EmailMessage, to: Iterable[str]) -> Mapping[str, str]:
        """Hand one message over for the addresses `to`; those that were refused, with the server's words.

        All others have been sent it. Raises `MailRefusedError` when nobody has.
        """


class SmtpMail:
    """An SMTP server; `smtps://` and `smtp://…?starttls` encrypt."""

    def __init__(self, host: str, port: int, *, tls: str, user: str | None, password: str | None) -> None:
        """`tls` is "none", "starttls" or "implicit"."""
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password

    def send(self, message: EmailMessage, to: Iterable[str]) -> Mapping[str, str]:
        """Hand over one message in a connection of its own."""
        try:
            with closing(self._connect()) as server:
                if self._tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self._user is not None:
                    server.login(self._user, self._password or "")
                refused = server.send_message(message, to_addrs=list(to))
                _take_leave(server)
        except smtplib.SMTPRecipientsRefused as error:
            raise MailRefusedError("; ".join(_told(error.recipients))) from error
        except smtplib.SMTPResponseException as error:
            raise MailRefusedError(_words(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefusedError(str(error)) from error
        return {address: _words(*answer) for address, answer in refused.items()}

    def _connect(self) -> smtplib.SMTP:
        if self._tls == "implicit":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=SECONDS)


def _take_leave(server: smtplib.SMTP) -> None:
    """The message has been taken: how a server says good-bye does not unsend it."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException) as error:
        log.info("the mail server took the message, then ended the connection badly: %s", error)


def _told(refused: Mapping[str, tuple[int, bytes]]) -> list[str]:
    return [f"{address} ({_words(*answer)})" for address, answer in refused.items()]


def _words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"


class FolderMail:
    """A folder that gets one `.eml` file a message; for one machine without a mail server."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when it is not there."""
        self._folder = folder

    def send(self, message: EmailMessage, to: Iterable[str]) -> Mapping[str, str]:
        """Write the message under its Message-ID, so that a repeated one replaces itself."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{name}.eml").write_bytes(message.as_bytes())
        except OSError as error:
            raise MailRefusedError(str(error)) from error
        return {}


def mail_for(address: str) -> Mail:
    """The way that `address` names: `smtp://host:port`, `smtps://…` or `folder:PATH`.

    User and password are percent-encoded. Raises `MailSettingsError`.
    """
    parts = urlsplit(address)
    if parts.scheme == "folder":
        return FolderMail(Path(address.removeprefix("folder:")))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise MailSettingsError(
            "SCCIF_MAIL is no mail address. Use smtp://host:port, smtps://host:port or folder:PATH."
        )
    if "@" in parts.path + parts.query + parts.fragment:
        raise MailSettingsError(
            "SCCIF_MAIL has '/', '?' or '#' in its user or password. Write them as %2F, %3F and %23."
        )
    if parts.path.strip("/") or parts.fragment:
        raise MailSettingsError(
            f"SCCIF_MAIL goes on after its host, '{parts.hostname}'. Leave that out; options begin with '?'."
        )
    if parts.username is not None and parts.password is None:
        raise MailSettingsError("SCCIF_MAIL names a user without a password. Write user:password@host.")
    tls = _encryption(parts)
    return SmtpMail(
        parts.hostname,
        _port(parts) or (465 if tls == "implicit" else 25),
        tls=tls,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _encryption(parts: SplitResult) -> str:
    known = "starttls" if parts.scheme == "smtp" else ""
    if parts.query not in ("", known):
        remedy = "Use ?starttls, or smtps://." if known else "Leave it out: smtps:// encrypts from the start."
        raise MailSettingsError(f"SCCIF_MAIL has the unknown option '?{parts.query}'. {remedy}")
    return "implicit" if parts.scheme == "smtps" else parts.query or "none"


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise MailSettingsError(f"SCCIF_MAIL: {error}. Give the port as a number, as in :587.") from error
