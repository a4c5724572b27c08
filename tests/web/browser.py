"""A browser that reads every page as strict HTML and holds it to what all pages promise."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.db import Database
from engine.db.tables import Base
from web.settings import SERVICE_NAME

CONTROLS = ("input", "select", "textarea")
NOT_LABELLED = {"hidden", "submit", "button"}


@dataclass(frozen=True)
class Page:
    """A page as it was read."""

    response: TestResponse
    root: Element

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def heading(self) -> str:
        return _text(self.all("h1")[0])

    @property
    def text(self) -> str:
        return _text(self.root.find("body/div")) + " " + _text(self.root.find("body/footer"))

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(tag))

    def links(self) -> dict[str, str]:
        return {_text(link): link.get("href", "") for link in self.all("a")}

    def errors(self) -> dict[str, str]:
        """The error summary: texts by the id they lead to."""
        summary = [each for each in self.all("div") if "govuk-error-summary" in each.get("class", "").split()]
        return {link.get("href", "")[1:]: _text(link) for each in summary for link in each.iter("a")}

    def form(self, action: str) -> dict[str, str]:
        """The hidden and prefilled fields of the form with this action."""
        for form in self.all("form"):
            if form.get("action") == action:
                return {
                    field.get("name", ""): field.get("value", "")
                    for field in form.iter("input")
                    if field.get("type", "text") in ("hidden", "text", "password")
                }
        raise AssertionError(f"no form for {action}")


class Browser:
    """A client that follows redirects, sends the token of the page before, and checks each page."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.client = app.test_client()
        self.database = database
        self.page: Page

    def sign_in(self, user_id: str, password: str) -> Page:
        self.get("/sign-in")
        return self.post("/sign-in", {"user": user_id, "password": password})

    def get(self, path: str) -> Page:
        """Opens a page; a GET changes nothing but the access log."""
        before = self.rows()
        response = self.client.get(path, follow_redirects=True)
        assert self.rows() == before, f"GET {path} changed rows"
        return self._read(response)

    def file(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, fields: dict[str, Any] | None = None) -> Page:
        """Sends a form with what the last page itself adds to it."""
        sent = {"csrf_token": self.token()} | self._added() | (fields or {})
        return self._read(self.client.post(path, data=sent, follow_redirects=True))

    def token(self) -> str:
        for field in self.page.all("input"):
            if field.get("name") == "csrf_token":
                return field.get("value", "")
        return ""

    def _added(self) -> dict[str, str]:
        hidden = [field for field in self.page.all("input") if field.get("type") == "hidden"]
        named = {field.get("name", ""): field.get("value", "") for field in hidden}
        return {name: value for name, value in named.items() if name.startswith("_")}

    def _read(self, response: TestResponse) -> Page:
        self.page = Page(response, _parsed(response.get_data(as_text=True)))
        promises_of_every_page(self.page)
        return self.page

    def rows(self) -> dict[str, int]:
        """How many rows each table holds; the access log is what a GET may write."""
        tables = {name: table for name, table in Base.metadata.tables.items() if name != "access_log"}
        counts = [
            select(func.count()).select_from(table).scalar_subquery().label(name)
            for name, table in tables.items()
        ]
        with self.database.read() as connection:
            return dict(connection.execute(select(*counts)).mappings().one())


def promises_of_every_page(page: Page) -> None:
    """One h1, a title made of it, unique ids, labelled controls, tokens, and errors that lead somewhere."""
    assert len(page.all("h1")) == 1, [_text(each) for each in page.all("h1")]
    prefix = "Error: " if page.errors() else ""
    assert _text(page.all("title")[0]) == f"{prefix}{page.heading} - {SERVICE_NAME}"
    ids = [each.get("id", "") for each in page.root.iter() if each.get("id")]
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    _controls_are_labelled(page)
    for form in page.all("form"):
        if form.get("method", "get").lower() == "post":
            assert any(field.get("name") == "csrf_token" for field in form.iter("input"))
    for target in page.errors():
        assert target in ids, f"the error summary leads to {target}, which is not there"
    for label in page.all("label"):
        assert label.get("for") in ids


def _controls_are_labelled(page: Page) -> None:
    labelled = {label.get("for") for label in page.all("label")}
    for tag in CONTROLS:
        for control in page.all(tag):
            if control.get("type") not in NOT_LABELLED:
                assert control.get("id") in labelled, f"{control.attrib} has no label"


def _parsed(html: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    return root


def _text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
