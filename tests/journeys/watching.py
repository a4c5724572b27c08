"""What is asked of every page that a journey visits, whatever the journey is about."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOST = "127.0.0.1"

THIRD_PARTY: Mapping[str, frozenset[str]] = {}
"""Findings inside a canvas of bpmn-io (the selector) that are not ours to mend, by their rule."""


class Watch:
    """Looks at pages for one journey: axe, a picture of each, complaints of the browser, strange requests."""

    def __init__(self, pictures: Path) -> None:
        """`pictures` is the folder of this journey's screenshots; those of an earlier run go."""
        shutil.rmtree(pictures, ignore_errors=True)
        self._pictures = pictures
        self._seen: set[str] = set()
        self._refused: set[str] = set()
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Watches everything that happens in a person's browser."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._follow)
        context.on("response", self._note)

    def look(self, page: Page, who: str, *, scripted: bool = True) -> None:
        """Keeps a picture of the page and runs axe over it; once for pages that differ in numbers only.

        Axe is a script, so it does not run where there are none (`scripted`).
        """
        heading = page.locator("h1").first.inner_text()
        where = urlsplit(page.url)
        asked = sorted(parse_qs(where.query))  # a page that was asked for more may show more
        kind = re.sub(r"\d+|/provider/[^/]+", "N", f"{who} {where.path} {asked} {page.title()}")
        if kind in self._seen:
            return
        self._seen.add(kind)
        self._pictures.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", f"{len(self._seen):02}-{who}-{heading}").lower()[:90]
        page.screenshot(path=self._pictures / f"{name}.png", full_page=True)
        if scripted:
            self._axe(page, heading)

    def _axe(self, page: Page, heading: str) -> None:
        results = Axe().run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
        for violation in results.response["violations"]:
            for node in violation["nodes"]:
                if not _excused(page, violation["id"], node["target"]):
                    self.complaints.append(f"{heading}: {violation['id']}: {node['html'][:300]}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.location.get("url") not in self._refused:
            self.complaints.append(f"console: {message.text}")

    def _follow(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.hostname != HOST and parts.scheme not in ("data", "blob"):
            self.complaints.append(f"a request left for {request.url}")

    def _note(self, response: Response) -> None:
        """A page that refuses is an answer; Chromium also writes it to the console."""
        if response.status >= 500:
            self.complaints.append(f"{response.url} answered {response.status}")
        elif response.status >= 400 and response.request.is_navigation_request():
            self._refused.add(response.url)


def _excused(page: Page, rule: str, target: list[str]) -> bool:
    return any(
        rule in rules and page.locator(canvas).locator(target[-1]).count()
        for canvas, rules in THIRD_PARTY.items()
    )
