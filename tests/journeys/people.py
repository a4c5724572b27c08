"""People at their browsers: what they click, type, choose and see, in the words of the pages."""

import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.journeys.office import PATIENCE, Office, eventually
from tests.journeys.watching import Watch
from web import demo

MOST_TABS = 60


class Everything:
    """The answer to a checklist of which all is true."""


EVERYTHING = Everything()

Rows = Sequence[Mapping[str, "Answer"]]
Answer = str | date | tuple[str, str, str] | bool | Everything | Sequence[str] | Rows
Answers = Mapping[str, Answer]
"""What is answered, by the question as the page asks it; a tuple is a date as it is typed."""


class Visitor:
    """Somebody at a browser of their own."""

    def __init__(self, page: Page, office: Office, watch: Watch, name: str, *, scripted: bool = True) -> None:
        self.page, self.office, self.watch, self.name, self.scripted = page, office, watch, name, scripted
        watch.over(page.context)

    # --- what they do -------------------------------------------------------------------------------

    def opens(self, path: str) -> Self:
        self.page.goto(self.office.address + path)
        return self._arrived()

    def follows(self, link: str) -> Self:
        self.page.get_by_role("link", name=link, exact=True).first.click()
        return self._arrived()

    def presses(self, button: str) -> Self:
        self.page.get_by_role("button", name=button, exact=True).click()
        return self._arrived()

    def answers(self, answers: Answers) -> Self:
        for question, answer in answers.items():
            _answer(self.page, question, answer)
            self._drawn()
        return self

    def clicks(self, link: str) -> Self:
        """Follows the first link whose name has this in it."""
        self.page.get_by_role("link", name=link).first.click()
        return self._arrived()

    # --- what they do without a mouse ----------------------------------------------------------------

    def keys(self, *keys: str) -> Self:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def tabs_to(self, name: str) -> Self:
        """Moves with the tabulator to the link or button of this name."""
        return self._tabs_until(
            f"it => (it.innerText || '').replace(/\\s+/g, ' ').trim().startsWith({name!r})", name
        )

    def tabs_to_field(self, field: str) -> Self:
        """Moves with the tabulator to the field of this name."""
        return self._tabs_until(f"it => it.name === {field!r}", field)

    def types_into(self, field: str, text: str) -> Self:
        self.tabs_to_field(field).page.keyboard.type(text)
        return self

    def _tabs_until(self, there: str, what: str) -> Self:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(f"({there})(document.activeElement)"):
                return self
        raise AssertionError(f"{MOST_TABS} tabs did not lead to {what}")

    # --- what they see ------------------------------------------------------------------------------

    def sees(self, *texts: str) -> Self:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def waits_to_see(self, path: str, text: str) -> Self:
        """Opens the page again and again until the worker has done what brings the text."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.opens(path)
            if text in self.page.locator("body").inner_text():
                return self
        return self.sees(text)

    def does_not_see(self, *texts: str) -> Self:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    def sees_heading(self, heading: str) -> Self:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        return self

    def sees_answer(self, question: str, typed: str, *, within: str = "") -> Self:
        """What stands in a text box, or in one `within` a group of them."""
        where = self.page.get_by_role("group", name=within, exact=True) if within else self.page
        expect(where.get_by_label(question, exact=True)).to_have_value(typed)
        return self

    @property
    def focus(self) -> str:
        """The id of what the keyboard is at."""
        return str(self.page.evaluate("document.activeElement.id"))

    def choices(self, question: str) -> list[str]:
        """What a question with one answer offers."""
        group = self.page.get_by_role("group", name=question, exact=True)
        return [text.strip() for text in group.locator("label").all_inner_texts()]

    def sees_on_the_diagram(self, element: str, state: str) -> Self:
        """The colour of an element, once the diagram is drawn."""
        self.page.wait_for_selector("[data-bpmn-viewer][data-ready=true]")
        shape = self.page.locator(f'[data-element-id="{element}"]').first
        expect(shape).to_have_class(re.compile(rf"\bsccif-{state}\b"))
        return self

    def sees_in_words(self, element: str, state: str) -> Self:
        """The state of an element in the text below the diagram."""
        heading = self.page.locator(".sccif-twin").get_by_role("heading", name=element)
        expect(heading.first).to_contain_text(state)
        return self

    def downloads(self, link: str) -> str:
        """The text of the file behind a link that begins so."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=link).click()
        return waiting.value.path().read_text()

    def _arrived(self) -> Self:
        self.page.wait_for_load_state()
        self._drawn()
        self.watch.look(self.page, self.name, scripted=self.scripted)
        return self

    def _drawn(self) -> None:
        """The form shows what the answers so far ask for, where a script sees to it."""
        expect(self.page.locator("[data-redraw-url][aria-busy]")).to_have_count(0)


class Provider(Visitor):
    """The provider, who has no account and comes through the link of an e-mail."""

    def follows_the_link_of(self, subject: str) -> Self:
        letter = self.office.mailbox.letter(subject).get_body(("plain",))
        assert letter is not None
        link = next(word for word in letter.get_content().split() if "/provider/" in word)
        assert link.startswith(self.office.address)
        return self.opens(link.removeprefix(self.office.address))

    def waits_to_be_refused(self, why: str) -> Self:
        """Until the link, opened elsewhere, says why it no longer opens anything."""
        link = self.page.url
        eventually(lambda: why in self.page.request.get(link).text(), f"“{why}”")
        return self


class Colleague(Visitor):
    """Somebody with an account."""

    def signs_in(self) -> Self:
        self.opens("/sign-in")
        self.answers({"User name": self.name, "Password": demo.PASSWORD})
        self.presses("Sign in")
        return self.sees_heading("Your tasks")

    def opens_case(self, reference: str, page: str = "") -> Self:
        return self.opens(f"/cases/{reference}{'/' if page else ''}{page.lower()}")

    def takes(self, task: str) -> Self:
        """Finds the task among their own or their team's, claims it if need be, and opens it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._found("/tasks", "link", task) or self._found("/tasks/team", "button", f"Claim {task}"):
                expect(self.page.get_by_role("button", name="Complete task")).to_be_visible()
                return self._arrived()
        raise AssertionError(f"{self.name} waited in vain for the task “{task}”")

    def does(self, task: str, answers: Answers) -> Self:
        """Takes the task, answers its questions and completes it."""
        self.takes(task).answers(answers).presses("Complete task")
        return self.sees(f"You completed “{task}”")

    def _found(self, path: str, role: str, name: str) -> bool:
        self.opens(path)
        found = self.page.locator("table").get_by_role(role, name=name)  # type: ignore[arg-type]
        if found.count() == 0:
            return False
        with suppress(AssertionError):
            found.first.click()
        return True


def _answer(where: Page | Locator, question: str, answer: Answer) -> None:
    group = where.get_by_role("group", name=question, exact=True)
    match answer:
        case Everything():
            for box in group.get_by_role("checkbox").all():
                box.check()
        case date():
            _write_date(group, (str(answer.day), str(answer.month), str(answer.year)))
        case (str(), str(), str()) if isinstance(answer, tuple):
            _write_date(group, answer)
        case bool():
            where.get_by_label(question, exact=True).set_checked(answer)
        case str() if group.count():
            group.get_by_label(answer, exact=True).check()
        case str():
            _write(where.get_by_label(question, exact=True), answer)
        case _:
            for place, one in enumerate(answer, start=1):
                if isinstance(one, str):
                    group.get_by_label(one, exact=True).check()
                else:
                    _fill_row(where, question, place, one)


def _write_date(group: Locator, parts: tuple[str, str, str]) -> None:
    for label, part in zip(("Day", "Month", "Year"), parts, strict=True):
        group.get_by_label(label, exact=True).fill(part)


def _write(box: Locator, text: str) -> None:
    if box.evaluate("box => box.tagName") == "SELECT":
        box.select_option(label=text)
    else:
        box.fill(text)


def _fill_row(where: Page | Locator, question: str, place: int, answers: Answers) -> None:
    row = where.get_by_role("group", name=f"{question}: entry {place}", exact=True)
    if row.count() == 0:
        where.get_by_role("button", name=f"Add another to {question}").click()
    for asked, answer in answers.items():
        _answer(row, asked, answer)
