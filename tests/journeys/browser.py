"""Finds the Chromium that the journeys drive; run as a script, installs one if there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SYSTEM = (
    ("apt-get", (("update", "-qq"), ("install", "-qq", "-y", "chromium", "fonts-liberation"))),
    ("dnf", (("install", "-q", "-y", "chromium", "liberation-sans-fonts"),)),
)

MISSING = (
    "No Chromium was found. In this order were tried: the path in SCCIF_CHROMIUM, "
    f"{', '.join(_NAMES)} on PATH, and Playwright's own. Install Chromium, or set SCCIF_CHROMIUM."
)


def find() -> Path | None:
    """SCCIF_CHROMIUM's, else one on PATH, else Playwright's own; None if there is none of them."""
    if given := os.environ.get("SCCIF_CHROMIUM"):
        return Path(given)
    for name in _NAMES:
        if path := shutil.which(name):
            return Path(path)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def _install() -> None:
    """By the system's package manager if we are root, then by Playwright; failures are for find() to see."""
    if os.geteuid() == 0:
        for manager, steps in _SYSTEM:
            if shutil.which(manager):
                _attempt(*([manager, *step] for step in steps))
    if find() is None:
        _attempt([sys.executable, "-m", "playwright", "install", "chromium"])


def _attempt(*commands: list[str]) -> None:
    for command in commands:
        print("Installing Chromium:", " ".join(command))
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, check=False, env=environment).returncode != 0:
            return


def main() -> int:
    """Exit 0 with a browser, or at home also without: the journeys are then skipped by name."""
    if find() is None:
        _install()
    found = find()
    print(f"Chromium: {found}" if found else MISSING)
    return 1 if found is None and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
