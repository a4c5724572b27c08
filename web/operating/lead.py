"""Who leads a case: the roles that it names one person for, and who else could hold them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from engine.queries import people
from web.operating.giving import Opened


def shown(connection: Connection, opened: Opened, sent: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs: first the role, then who holds it elsewhere."""
    named = {each.role: each for each in opened.choices.named}
    names = people.names(connection, [each.person for each in named.values()])
    chosen = named.get(sent.get("role", ""))
    roles = [(each.role, f"{each.name}: {names.get(each.person, each.person)}") for each in named.values()]
    found: dict[str, Any] = {"roles": roles, "role": None, "errors": {}}
    if chosen is None:
        return found | ({"errors": {"role": "Choose the role"}} if "role" in sent else {})
    others = [each for each in people.holders(connection, [chosen.role]) if each[0] != chosen.person]
    return found | {
        "role": chosen.role,
        "role_name": chosen.name,
        "person": names.get(chosen.person, chosen.person),
        "people": others,
        "to": sent.get("to", ""),
        "errors": {"to": "Choose who takes over"} if "to" in sent and not _is_one_of(others, sent) else {},
    }


def _is_one_of(others: Collection[tuple[str, str]], sent: Mapping[str, str]) -> bool:
    return sent["to"] in {person for person, _ in others}
