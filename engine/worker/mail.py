"""Sends e-mail: to an SMTP server, or, where there is none, into a folder that can be read."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Iterable, Mapping
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from engine.cut_off import CutOffError, cut_off_after

log = logging.getLogger(__name__)

SECONDS = 30
"""How long one answer of a mail server is waited for."""

FINAL = frozenset({550, 551, 552, 553, 554, 556})
"""The codes by which a mail server refuses a mailbox or a message for good (RFC 5321, 4.2.2; RFC 7504)."""

OF_OUR_OWN = ("5.7.", "Relay", "relay")
"""How it begins to say that it does not take anything from us so: we are not signed in, or not known."""


class MailSettingsError(ValueError):
    """The address of the mail server cannot be used."""


class MailRefusedError(Exception):
    """Nobody was sent the message; it says why, in the server's words, and whether it would say so again."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


class Refusal(NamedTuple):
    """Why an address was not sent a message: the server's code (RFC 5321, 4.2.1) and words."""

    code: int
    said: str

    @property
    def is_final(self) -> bool:
        """Whether the server would say so again, whatever an administrator mends."""
        return self.code in FINAL and not self.said.startswith(OF_OUR_OWN)

    def __str__(self) -> str:
        return f"{self.code} {self.said}"


class Mail(Protocol):
    """A way for e-mail to leave."""

    def send(self, message: EmailMessage, to: Iterable[str], *, within: float) -> Mapping[str, Refusal]:
        """Hand one message over for the addresses `to`; those that were refused.

        All others have been sent it. It ends within so many seconds. Raises `MailRefusedError` when nobody
        has.
        """


class SmtpMail:
    """An SMTP server; `smtps://` and `smtp://…?starttls` encrypt."""

    def __init__(self, host: str, port: int, *, tls: str, user: str | None, password: str | None) -> None:
        """`tls` is "none", "starttls" or "implicit"."""
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password

    def send(self, message: EmailMessage, to: Iterable[str], *, within: float) -> Mapping[str, Refusal]:
        """Hand over one message in a connection of its own."""
        refused = None
        try:
            with (
                cut_off_after(within) as cut_off,
                closing(self._connect(min(SECONDS, within))) as connection,
            ):
                cut_off.watch(connection.fileno())
                with closing(_Server(self._encrypted(connection), self._host)) as server:
                    self._sign_in(server)
                    refused = server.send_message(message, to_addrs=list(to))
                    _take_leave(server)
        except CutOffError as error:
            if refused is None:
                raise MailRefusedError(f"it did not end its answers within {within:g} seconds") from error
        except smtplib.SMTPRecipientsRefused as error:
            refusals = _refusals(error.recipients)
            all_final = all(each.is_final for each in refusals.values())
            raise MailRefusedError(told(refusals), is_final=all_final) from error
        except smtplib.SMTPResponseException as error:
            refusal = _refusal(error.smtp_code, error.smtp_error)
            of_message = isinstance(error, smtplib.SMTPDataError)
            raise MailRefusedError(str(refusal), is_final=of_message and refusal.is_final) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefusedError(str(error)) from error
        return _refusals(refused or {})

    def _connect(self, seconds: float) -> socket.socket:
        return socket.create_connection((self._host, self._port), seconds)

    def _encrypted(self, connection: socket.socket) -> socket.socket:
        if self._tls != "implicit":
            return connection
        return ssl.create_default_context().wrap_socket(connection, server_hostname=self._host)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self._user is not None:
            server.login(self._user, self._password or "")


class _Server(smtplib.SMTP):
    """Speaks over a connection that is there already, so that others can end it."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        self._connection = connection
        super().__init__(host)

    def connect(self, *_: object) -> tuple[int, bytes]:
        """The server's greeting, for which the library's own connecting waits as well."""
        self.sock, self.file = self._connection, None
        return self.getreply()


def _take_leave(server: smtplib.SMTP) -> None:
    """The message has been taken: how a server says good-bye does not unsend it."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException) as error:
        log.info("the mail server took the message, then ended the connection badly: %s", error)


def told(refusals: Mapping[str, Refusal]) -> str:
    """Each address with the server's words."""
    return "; ".join(f"{address} ({refusal})" for address, refusal in refusals.items())


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> Mapping[str, Refusal]:
    return {address: _refusal(*answer) for address, answer in refused.items()}


def _refusal(code: int, said: bytes | str) -> Refusal:
    return Refusal(code, said.decode("utf-8", "replace") if isinstance(said, bytes) else said)


class FolderMail:
    """A folder that gets one `.eml` file a message; for one machine without a mail server."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when it is not there."""
        self._folder = folder

    def send(self, message: EmailMessage, to: Iterable[str], *, within: float) -> Mapping[str, Refusal]:
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
