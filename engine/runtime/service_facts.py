"""Facts of a service, such as a visit: what one case records may meet deadlines of its other cases.

An element with the property `records` records a fact when it is completed; a deadline whose `metBy` is
`fact:<name>` is met by it, in the case itself and, in a transaction of its own, in every other case of the
service. A fact meets only what waits for it: a deadline whose window has not opened yet is left alone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, insert, literal, select

from engine.db.tables import Deadline, Delivery, Incident, Instance, InstanceState, Message
from engine.history import Event, EventKind
from engine.queries import incidents
from engine.runtime.library import Library
from engine.runtime.step import Step
from engine.runtime.timers import SYSTEM

KIND = "fact"
"""The kind of a message that carries one."""


def receivers(message: type[Message] | Row[Any]) -> Select[int, str]:
    """The other cases of the service with a deadline that the fact may meet, which have not had it."""
    return (
        select(Deadline.instance_id, Instance.reference)
        .join(Instance, Instance.id == Deadline.instance_id)
        .where(
            literal(KIND) == message.kind,
            Deadline.met_by == literal("fact:") + message.name,
            Deadline.ended_on.is_(None),
            Deadline.due_on.is_not(None),
            Instance.service_urn == message.correlation_key,
            Instance.id != message.sender_instance_id,
            Instance.state.in_([InstanceState.RUNNING, InstanceState.SUSPENDED]),
            ~exists()
            .where(Delivery.message_id == message.id, Delivery.instance_id == Deadline.instance_id)
            .correlate(Message, Deadline),
        )
        .distinct()
        .order_by(Deadline.instance_id)
    )


def able(message: type[Message] | Row[Any]) -> Select[int, str]:
    """Those of them that can be told: an earlier failure to do so was mended."""
    stopped = incidents.is_open(
        incidents.DELIVERY,
        Incident.instance_id == Deadline.instance_id,
        Incident.element == message.name,
    )
    return receivers(message).where(~stopped)


def tell(connection: Connection, library: Library, *, message: Row[Any], to: int, at: datetime) -> bool:
    """Let the fact meet the deadlines of one case; False when another command holds the case, or it knows."""
    step = Step.load_if_free(connection, library, to, actor=SYSTEM, at=at)
    if step is None:
        return False
    if connection.execute(receivers(message).where(Deadline.instance_id == to)).first() is None:
        return False
    connection.execute(insert(Delivery).values(message_id=message.id, instance_id=to, at=at))
    fields = {"message": message.name}
    step.events.append(Event(kind=EventKind.MESSAGE_RECEIVED, element=None, fields=fields))
    step.take_note_of(message.name)
    step.save()
    return True
