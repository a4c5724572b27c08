"""The work behind service and send tasks, by job type."""

from collections.abc import Mapping

from engine.worker.handlers.base import Handler, HandlerError, Outcome, RejectedError, Tools, checked
from engine.worker.handlers.document import make_document
from engine.worker.handlers.email import send_email
from engine.worker.handlers.publish import publish_report
from engine.worker.handlers.service_record import record_service
from engine.worker.handlers.webhook import call_webhook

HANDLERS: Mapping[str, Handler] = {
    "email": send_email,
    "document": make_document,
    "publish-report": publish_report,
    "record-service": record_service,
    "webhook": call_webhook,
}

__all__ = ["HANDLERS", "Handler", "HandlerError", "Outcome", "RejectedError", "Tools", "checked"]
