"""What a provider's pages say: about comments on a draft report, or about anything else that we asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words around one task of a provider."""

    what: str
    """What is sent, as the beginning of a sentence; plural."""
    by: str
    send: str
    sent: str
    follows: str
    seen: str
    """For the access log."""


COMMENTS = Words(
    what="Comments on this draft",
    by="Send your comments by",
    send="Send comments",
    sent="Your comments have been sent",
    follows="The inspector reads every comment and tells you in writing how each was answered. "
    "You get the final report by e-mail before it is published.",
    seen="draft report through a provider link",
)
ANSWERS = Words(
    what="Your answers",
    by="Send your answers by",
    send="Send answers",
    sent="Your answers have been sent",
    follows="The inspector reads them, and calls you if something is missing.",
    seen="request through a provider link",
)
