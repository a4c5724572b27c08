"""The access log: who looked at what, and who tried to sign in. It locks no case."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from engine.db.tables import AccessLog

SIGN_IN_REFUSED = "sign-in refused from "
"""Opens the entry of a refused sign-in; the address follows."""


def record(connection: Connection, *, user_id: str, instance_id: int | None, what: str, at: datetime) -> None:
    """Writes one entry."""
    connection.execute(insert(AccessLog).values(user_id=user_id, instance_id=instance_id, what=what, at=at))


def refused_sign_ins(
    connection: Connection, *, user_id: str, address: str, since: datetime
) -> tuple[int, int]:
    """Refused sign-ins of the account since then: from this address, and from all."""
    row = connection.execute(
        select(
            func.count().filter(AccessLog.what == SIGN_IN_REFUSED + address),
            func.count(),
        ).where(
            AccessLog.user_id == user_id,
            AccessLog.at >= since,
            AccessLog.what.startswith(SIGN_IN_REFUSED, autoescape=True),
        )
    ).one()
    return row[0], row[1]
