"""Deploys random models for cases of one service."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from benchmarks import models
from engine.db import Database
from engine.db.tables import Service
from engine.runtime import calendars, deployments
from tests.engine.spiff.drawing import NAMES, document
from tests.engine.spiff.random_models import MISSING

GIVEN = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="inspector"/>'


def deploy(database: Database, processes: Sequence[str], variables: Sequence[str], *, at: datetime) -> None:
    """Deploy processes that are started with these variables; with the service, the first time."""
    with database.begin() as connection:
        calendars.ensure_first(connection, at=at)
        if connection.execute(select(Service.urn)).first() is None:
            connection.execute(insert(Service).values(
                urn="SC000001", name="Example House", setting="children's home", region="North",
                local_authority="Exampleshire", provider_name="Example Care",
                provider_email="provider@example.org",
            ))  # fmt: skip
        deployments.deploy(connection, files=_files(processes, variables), by="test", at=at)


def _files(processes: Sequence[str], variables: Sequence[str]) -> dict[str, bytes]:
    missing = [f"miss{number}" for number in range(MISSING)]
    drawn = document(*processes, extra=NAMES).decode().replace("<zeebe:userTask/>", GIVEN)
    drawn = drawn.replace('formId="f"', 'formId="ask_f" bindingType="deployment"')
    drawn = drawn.replace("<zeebe:calledElement ", '<zeebe:calledElement bindingType="deployment" ')
    drawn = re.sub("(<bpmn:process [^>]*>)", rf"\1{_known('ref', *variables, *missing)}", drawn)
    return {"groups.yaml": models.GROUPS, "p.bpmn": drawn.encode(), "f.form": models.form("f")}


def _known(*names: str) -> str:
    written = f'<zeebe:property name="startVariables" value="{", ".join(names)}"/>'
    return f"<bpmn:extensionElements><zeebe:properties>{written}</zeebe:properties></bpmn:extensionElements>"
