"""Candidate groups: which role a lane means, and whom a role lets near a case (`bpmn/groups.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import yaml


class Relation(StrEnum):
    """What ties a holder of a role to a case."""

    ANY = "any"
    TEAM = "team"
    REGION = "region"
    VARIABLE = "variable"
    LINK = "link"


class GroupsError(ValueError):
    """`groups.yaml` cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A role: who may hold its tasks for a case. `variable` names the people where the relation says so."""

    id: str
    name: str
    lanes: tuple[str, ...]
    relation: Relation
    variable: str | None


@dataclass(frozen=True, slots=True)
class Groups:
    """All roles, by id and by lane label."""

    by_id: Mapping[str, Group]
    by_lane: Mapping[str, Group]


def read_groups(data: bytes) -> Groups:
    """Read `groups.yaml`. Raises `GroupsError` naming the role and the mistake."""
    try:
        found = yaml.safe_load(data)
    except yaml.YAMLError as error:
        raise GroupsError(f"groups.yaml is not YAML: {error}") from error
    entries = found.get("groups") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise GroupsError("groups.yaml: 'groups' must be a list of roles.")
    groups = [_group(entry) for entry in entries]
    by_lane: dict[str, Group] = {}
    for group in groups:
        for lane in group.lanes:
            if lane in by_lane:
                raise GroupsError(f"groups.yaml: lane '{lane}' means {by_lane[lane].id} and {group.id}.")
            by_lane[lane] = group
    return Groups({group.id: group for group in groups}, by_lane)


def _group(entry: object) -> Group:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise GroupsError("groups.yaml: every role needs an 'id'.")
    relation, _, variable = str(entry.get("relation", "")).partition(":")
    if relation not in set(Relation) or (relation == Relation.VARIABLE and not variable):
        raise GroupsError(
            f"groups.yaml: role {entry['id']}: relation must be one of {', '.join(Relation)}; "
            "'variable' as 'variable:<name>'."
        )
    return Group(
        id=entry["id"],
        name=str(entry.get("name", entry["id"])),
        lanes=tuple(str(lane) for lane in entry.get("lanes", ())),
        relation=Relation(relation),
        variable=variable or None,
    )
