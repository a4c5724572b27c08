"""A step that cannot go on until somebody repairs something."""


class IncidentError(Exception):
    """Stops one path of an instance; the other paths go on.

    ``kind`` is a short word for lists (``expression``, ``decision``, …), ``message`` says what was
    wrong and where, ``remedy`` how to mend it.
    """

    def __init__(self, kind: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.remedy = remedy
