"""Sends e-mail: to an SMTP server, or, where there is none, into a folder that can be read."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit


class MailSettingsError(ValueError):
    """The address of the mail server cannot be used."""


class Mail(Protocol):
    """A way for e-mail to leave."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises `OSError` or `smtplib.SMTPException` when it was not taken."""


class SmtpMail:
    """An SMTP server; `smtps://` and `smtp://…?starttls` encrypt."""

    def __init__(self, host: str, port: int, *, tls: str, user: str | None, password: str | None) -> None:
        """`tls` is "none", "starttls" or "implicit"."""
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password

    def send(self, message: EmailMessage) -> None:
        """Hand over one message in a connection of its own."""
        with self._connect() as server:
            if self._tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._user is not None:
                server.login(self._user, self._password or "")
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        if self._tls == "implicit":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=30, context=ssl.create_default_context())
        return smtplib.SMTP(self._host, self._port, timeout=30)


class FolderMail:
    """A folder that gets one `.eml` file a message; for one machine without a mail server."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when it is not there."""
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message under its Message-ID, so that a repeated one replaces itself."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (self._folder / f"{name}.eml").write_bytes(message.as_bytes())


def mail_for(address: str) -> Mail:
    """The way that `address` names: `smtp://host:port`, `smtps://…` or `folder:PATH`.

    Raises `MailSettingsError`.
    """
    parts = urlsplit(address)
    if parts.scheme == "folder":
        return FolderMail(Path(address.removeprefix("folder:")))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise MailSettingsError(
            f"'{address}' is no mail address. Use smtp://host:port, smtps://host:port or folder:PATH."
        )
    tls = "implicit" if parts.scheme == "smtps" else "starttls" if parts.query == "starttls" else "none"
    port = parts.port or (465 if tls == "implicit" else 25)
    return SmtpMail(parts.hostname, port, tls=tls, user=parts.username, password=parts.password)
