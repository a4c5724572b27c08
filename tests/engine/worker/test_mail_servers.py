"""What real mail servers do: encrypt, ask for a password, refuse some recipients, end without good-bye."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from peers import dripping, mail_server
from sqlalchemy import select

from engine.db.tables import History, Incident, OutgoingMail
from engine.runtime import operator
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import Tools
from engine.worker.mail import MailRefusedError, MailSettingsError, SmtpMail, mail_for
from tests.engine.conftest import THURSDAY

MINUTE = timedelta(minutes=1)
RIM = Actor("rita", (Role("administrator"),))
GOOD, BAD = "good@example.org", "bad@example.org"


class Office:
    """A mail server's rules; it keeps what it took, with the addresses it took it for."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()
        self.answer = "550 no such user here"
        self.farewell = "221 Bye"
        self.taken: list[tuple[list[str], bytes]] = []
        self.users: list[str] = []

    async def handle_RCPT(  # noqa: N802 - the names are the server library's
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.taken.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    async def handle_QUIT(self, server: object, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self.farewell


HELLO, OK, GO_ON = b"220 slow.example\r\n", b"250 OK\r\n", b"354 go on\r\n"
TAKEN = [HELLO, OK, OK, OK, GO_ON, OK]
"""Up to and with the answer to the message itself."""


def slow_post(*answers: bytes, then: bytes = b"250-wait\r\n") -> AbstractContextManager[int]:
    """A server that gives these answers and then only says that one will come; its port."""

    def answer(caller: socket.socket) -> None:
        for each in answers:
            caller.sendall(each)
            caller.recv(65536)

    return dripping(answer, then)


Open = Callable[..., int]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def opened(office: Office) -> Iterator[Open]:
    """Opens the office as a server with the given settings; its port."""
    with ExitStack() as open_now:
        yield lambda **settings: open_now.enter_context(mail_server(office, **settings))


def _case(driver: Driver) -> int:
    """A case whose letter is due."""
    case = driver.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        driver.do(case, element)
    return case


def _posting(tools: Tools, port: int, to: str = GOOD) -> Driver:
    """A driver whose mail goes to the office; the provider's address is `to`."""
    with tools.database.begin() as connection:
        connection.exec_driver_sql("UPDATE service SET provider_email = %s", (to,))
    return Driver(replace(tools, mail=mail_for(f"smtp://127.0.0.1:{port}")), THURSDAY)


# --- refusals -----------------------------------------------------------------------------------------


def test_those_a_server_refuses_are_told_and_the_others_are_sent_to_once(
    tools: Tools, office: Office, opened: Open
) -> None:
    office.unknown = {BAD}
    driver = _posting(tools, opened(), f"{GOOD}, {BAD}")
    case = _case(driver)
    driver.travel(driver.at + MINUTE)
    (incident,) = driver.incidents(case)
    assert f"{BAD} (550 no such user here)" in incident
    assert GOOD not in incident
    assert [to for to, _ in office.taken] == [[GOOD]]
    assert _recorded(tools) == [GOOD]
    assert BAD in " ".join(_failures(tools))


def test_a_retry_sends_to_those_alone_who_were_refused(tools: Tools, office: Office, opened: Open) -> None:
    office.unknown = {BAD}
    driver = _posting(tools, opened(), f"{GOOD}, {BAD}")
    case = _case(driver)
    driver.travel(driver.at + MINUTE)
    office.unknown = set()
    with tools.database.begin() as connection:
        incident = connection.execute(select(Incident.id).where(Incident.resolved_at.is_(None))).scalar_one()
        operator.retry_incident(connection, tools.library, incident_id=incident, by=RIM, at=driver.at)
    driver.travel(driver.at)
    assert [to for to, _ in office.taken] == [[GOOD], [BAD]]
    first, second = (message_from_bytes(content) for _, content in office.taken)
    assert (first["Message-ID"], first["To"]) == (second["Message-ID"], second["To"])
    assert (sorted(_recorded(tools)), driver.state(case)) == ([BAD, GOOD], "completed")


def test_a_refusal_of_everyone_names_everyone(tools: Tools, office: Office, opened: Open) -> None:
    office.unknown = {GOOD, BAD}
    driver = _posting(tools, opened(), f"{GOOD}, {BAD}")
    case = _case(driver)
    driver.travel(driver.at + MINUTE)
    (incident,) = driver.incidents(case)
    assert all(f"{address} (550 no such user here)" in incident for address in (GOOD, BAD))
    assert (office.taken, _recorded(tools)) == ([], [])


def test_an_e_mail_that_was_taken_is_sent_whatever_the_good_bye(
    tools: Tools, office: Office, opened: Open
) -> None:
    office.farewell = "421 closing"
    driver = _posting(tools, opened())
    case = _case(driver)
    driver.travel(driver.at + 10 * MINUTE)
    assert (len(office.taken), driver.state(case), driver.incidents(case)) == (1, "completed", [])


def test_a_sender_with_a_name_gives_a_whole_message_id(tools: Tools, office: Office, opened: Open) -> None:
    driver = _posting(replace(tools, sender="Inspections <inspections@example.org>"), opened())
    _case(driver)
    ((_, content),) = office.taken
    assert str(message_from_bytes(content)["Message-ID"]).endswith("@example.org>")


@pytest.mark.parametrize("addresses", [[BAD], [GOOD, BAD]], ids=["the only one", "one of two"])
def test_a_mailbox_that_does_not_exist_is_told_at_once(
    addresses: list[str], tools: Tools, office: Office, opened: Open
) -> None:
    office.unknown = {BAD}
    driver = _posting(tools, opened(), ", ".join(addresses))
    case = _case(driver)
    assert len(driver.incidents(case)) == len(_failures(tools)) == 1


@pytest.mark.parametrize("addresses", [[BAD], [GOOD, BAD]], ids=["the only one", "one of two"])
def test_a_mailbox_that_is_full_is_tried_again(
    addresses: list[str], tools: Tools, office: Office, opened: Open
) -> None:
    office.unknown, office.answer = {BAD}, "452 no room"
    driver = _posting(tools, opened(), ", ".join(addresses))
    case = _case(driver)
    assert driver.incidents(case) == []
    office.unknown = set()
    driver.travel(driver.at + MINUTE)
    assert driver.state(case) == "completed"
    assert sorted(_recorded(tools)) == sorted(addresses)


@pytest.mark.parametrize(
    ("stage", "answer", "is_final"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "553 mailbox name not allowed", True),
        ("RCPT", "556 5.1.10 takes no mail", True),
        ("RCPT", "550 5.7.1 relaying denied", False),
        ("RCPT", "554 Relay access denied", False),
        ("RCPT", "530 5.7.0 Authentication required", False),
        ("MAIL", "550 unknown sender", False),
        ("MAIL", "530 Must issue a STARTTLS command first", False),
        ("DATA", "554 message refused", True),
        ("DATA", "552 message too large", True),
        ("DATA", "451 try again", False),
    ],
)
def test_only_what_no_administrator_can_mend_is_refused_for_good(
    stage: str, answer: str, is_final: bool
) -> None:
    answers = {"MAIL": [HELLO, OK], "RCPT": [HELLO, OK, OK], "DATA": TAKEN[:-1]}[stage]
    with (
        slow_post(*answers, f"{answer}\r\n".encode(), then=OK) as port,
        pytest.raises(MailRefusedError, match=answer[:3]) as raised,
    ):
        mail_for(f"smtp://127.0.0.1:{port}").send(_letter(), [GOOD], within=3)
    assert raised.value.is_final is is_final


# --- servers that take their time ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "answers", "then"),
    [
        ("smtp://127.0.0.1:{port}", [], b"220-wait\r\n"),
        ("smtp://127.0.0.1:{port}", TAKEN[:1], b"250-wait\r\n"),
        ("smtp://127.0.0.1:{port}", TAKEN[:-1], b"250-wait\r\n"),
        (
            "smtp://127.0.0.1:{port}?starttls",
            [HELLO, b"250-slow.example\r\n250 STARTTLS\r\n", b"220 go\r\n", b"\x16\x03\x03\x20\x00"],
            b"x",
        ),
        ("smtps://127.0.0.1:{port}", [b"\x16\x03\x03\x20\x00"], b"x"),
    ],
    ids=["greeting", "hello", "message", "encryption begun later", "encryption from the start"],
)
def test_a_server_that_never_ends_its_answer_is_given_up_in_time(
    options: str, answers: list[bytes], then: bytes
) -> None:
    with slow_post(*answers, then=then) as port:
        began = time.monotonic()
        with pytest.raises(MailRefusedError, match=r"within 0\.5 seconds") as raised:
            mail_for(options.format(port=port)).send(_letter(), [GOOD], within=0.5)
    assert time.monotonic() - began < 3
    assert not raised.value.is_final


def test_making_the_connection_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.create_connection

    def slowly(*given: Any) -> socket.socket:
        time.sleep(1.5)
        return connect(*given)

    monkeypatch.setattr(socket, "create_connection", slowly)
    with slow_post() as port:
        began = time.monotonic()
        with pytest.raises(MailRefusedError, match="within 1 seconds"):
            mail_for(f"smtp://127.0.0.1:{port}").send(_letter(), [GOOD], within=1)
        assert time.monotonic() - began < 2.4


def test_a_message_that_was_taken_is_sent_though_the_good_bye_never_ends() -> None:
    with slow_post(*TAKEN, then=b"221-wait\r\n") as port:
        assert mail_for(f"smtp://127.0.0.1:{port}").send(_letter(), [GOOD], within=1) == {}


def _recorded(tools: Tools) -> list[str]:
    with tools.database.read() as connection:
        rows = connection.execute(select(OutgoingMail.recipients)).scalars()
        return [address for row in rows for address in row]


def _failures(tools: Tools) -> list[str]:
    with tools.database.read() as connection:
        told = connection.execute(select(History.fields).where(History.kind == "job failed")).scalars()
        return [str(fields["error"]) for fields in told]


# --- encryption and passwords -------------------------------------------------------------------------


def _guarded(office: Office, context: ssl.SSLContext) -> dict[str, object]:
    """Settings of a server that talks only encrypted, to one user."""

    def admits(server: object, session: Session, envelope: Envelope, way: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        known = (given.login, given.password) == (b"inspect@example.org", b"p@ss/w?rd")
        if known:
            office.users.append(given.login.decode())
        return AuthResult(success=known, handled=False)

    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": admits,
    }


def _letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "inspections@example.org", GOOD, "<1@example.org>"
    message.set_content("Dear all")
    return message


def test_an_e_mail_leaves_encrypted_with_user_and_password(
    office: Office, opened: Open, certificate: ssl.SSLContext
) -> None:
    port = opened(**_guarded(office, certificate))
    mail = mail_for(f"smtp://inspect%40example.org:p%40ss%2Fw%3Frd@127.0.0.1:{port}?starttls")
    assert mail.send(_letter(), [GOOD], within=10) == {}
    assert (office.users, [to for to, _ in office.taken]) == (["inspect@example.org"], [[GOOD]])


def test_a_wrong_password_is_told_in_the_servers_words(
    office: Office, opened: Open, certificate: ssl.SSLContext
) -> None:
    port = opened(**_guarded(office, certificate))
    mail = mail_for(f"smtp://inspect%40example.org:guess@127.0.0.1:{port}?starttls")
    with pytest.raises(MailRefusedError, match="535"):
        mail.send(_letter(), [GOOD], within=10)
    assert office.taken == []


def test_a_server_whose_certificate_nobody_trusts_gets_no_password(
    office: Office, opened: Open, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    port = opened(**_guarded(office, certificate))
    mail = mail_for(f"smtp://inspect%40example.org:p%40ss%2Fw%3Frd@127.0.0.1:{port}?starttls")
    with pytest.raises(MailRefusedError, match="certificate verify failed"):
        mail.send(_letter(), [GOOD], within=10)
    assert (office.users, office.taken) == ([], [])


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mail.example", "smtp://host:port"),
        ("smtp://", "smtp://host:port"),
        ("smtp://mail.example?STARTTLS", r"unknown option '\?STARTTLS'. Use \?starttls"),
        ("smtp://mail.example?starttls=yes", "unknown option"),
        ("smtps://mail.example?starttls", "encrypts from the start"),
        ("smtp://mail.example/starttls", "goes on after its host"),
        ("smtp://mail.example:p25", "Give the port as a number"),
        ("smtp://mail.example:70000", "Give the port as a number"),
        ("smtp://user@mail.example", "a user without a password"),
        ("smtp://user:pa#ss@mail.example", "%23"),
        ("smtp://user:pa/ss@mail.example", "%2F"),
        ("smtp://user:pa?ss@mail.example", "%3F"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_its_remedy(address: str, told: str) -> None:
    with pytest.raises(MailSettingsError, match=told) as raised:
        mail_for(address)
    assert "ss@" not in str(raised.value), "no password is shown"


@pytest.mark.parametrize(
    "address", ["smtp://mail.example", "smtp://mail.example:587?starttls", "smtps://u:p@mail.example/"]
)
def test_the_addresses_of_the_handbook_are_taken(address: str) -> None:
    assert isinstance(mail_for(address), SmtpMail)
