"""Logs, for people or as one JSON object a line, with the request and the case each is about."""

import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

_OF_EVERY_RECORD = logging.LogRecord("", 0, "", 0, "", (), None).__dict__.keys() | {"message", "asctime"}

request_id: ContextVar[str] = ContextVar("request_id", default="")
case: ContextVar[str] = ContextVar("case", default="")

REQUESTS = "web.request_log"


class LogFormatError(ValueError):
    """SCCIF_LOG names no format."""


class Json(logging.Formatter):
    """`at`, `level`, `logger`, `message`; `request`, `case` and what else the record was given."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        given = {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
        told |= {name: value for name, value in given.items() if value not in ("", None)}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str, ensure_ascii=False)


def with_context(record: logging.LogRecord) -> bool:
    """A filter that lets every record pass, with the request and case at hand."""
    record.request = request_id.get()
    record.case = getattr(record, "case", "") or case.get()
    return True


def configure(environ: Mapping[str, str]) -> None:
    """Log to standard error as SCCIF_LOG says: `text` (the default) or `json`. Raises LogFormatError."""
    kind = environ.get("SCCIF_LOG", "text")
    if kind not in ("text", "json"):
        raise LogFormatError(f"SCCIF_LOG is '{kind}'. Set it to 'text' or 'json'.")
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    handler.setFormatter(Json() if kind == "json" else plain)
    handler.addFilter(with_context)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("alembic", "waitress.queue"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Each request is a line; for people at a terminal that is too many.
    logging.getLogger(REQUESTS).setLevel(logging.INFO if kind == "json" else logging.WARNING)
