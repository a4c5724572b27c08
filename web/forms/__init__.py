"""Forms as GOV.UK pages: drawn on the server, usable without JavaScript, nothing typed ever lost."""

from web.forms.drawing import Attachments, GuidanceLink
from web.forms.files import sent_files, why_not_accepted
from web.forms.rendering import error_summary, redraw, render

__all__ = [
    "Attachments",
    "GuidanceLink",
    "error_summary",
    "redraw",
    "render",
    "sent_files",
    "why_not_accepted",
]
