"""What every refusal of the launcher has in common."""


class LauncherError(Exception):
    """Our own PostgreSQL cannot be run here; the message says what, where, why and how to mend it."""
