"""Commands that are refused: what, where, why and how to mend; nothing was changed."""


class RefusedCommandError(Exception):
    """A command could not be carried out."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason, self.remedy = reason, remedy


class NotFoundError(RefusedCommandError):
    """What the command names does not exist."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what}.", "Go back to the list and choose again.")


class TaskAlreadyClaimedError(RefusedCommandError):
    """Someone else claimed the task first."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} has claimed this task.", "Ask them to release it, or choose another task.")
        self.by = by


class TaskAlreadyCompletedError(RefusedCommandError):
    """The task was completed before this command came."""

    def __init__(self, by: str, at: str) -> None:
        super().__init__(
            f"{by} completed this task at {at}.",
            "Nothing you typed was recorded. Copy what you still need and open the case.",
        )
        self.by, self.at = by, at


class TaskCancelledError(RefusedCommandError):
    """The process no longer needs the task."""

    def __init__(self) -> None:
        super().__init__(
            "This task is no longer needed: the case has moved on.",
            "Nothing you typed was recorded. Copy what you still need and open the case.",
        )


class NotPermittedError(RefusedCommandError):
    """The person may not do this on this case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, "Ask a manager to give you the role for this case, or choose another task.")


class CaseNotRunningError(RefusedCommandError):
    """The case is suspended, cancelled or complete."""

    def __init__(self, reference: str, state: str) -> None:
        super().__init__(
            f"Case {reference} is {state}.", "Those in charge of it can resume a suspended case."
        )


class CaseBusyError(RefusedCommandError):
    """Another command held the case for longer than a person should wait."""

    def __init__(self) -> None:
        super().__init__("Someone else is working on this case just now.", "Wait a moment and send it again.")


class DefinitionMissingError(RefusedCommandError):
    """A process, decision, form or letter that a model names is not deployed."""

    def __init__(self, kind: str, name: str, binding: str) -> None:
        super().__init__(
            f"No {kind} '{name}' is deployed (binding {binding}).",
            f"Deploy the {kind} together with the process that uses it.",
        )


class DocumentTooLargeError(RefusedCommandError):
    """A file is larger than a case may hold."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"The file '{name}' is larger than {limit // 2**20} MiB.",
            "Split it, or save it at a lower quality.",
        )


class LinkRefusedError(RefusedCommandError):
    """A provider's link is expired, revoked or not ours."""
