"""The small office with processes that pages offer to start."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert

from engine import check
from engine.db import Database
from engine.db.tables import Service
from engine.runtime import deployments
from engine.runtime.cases import Case
from engine.runtime.library import Library
from tests.web.office import MONDAY, SERVICE, start_case

MODELS = Path(__file__).parent / "models"


@pytest.fixture
def case(app: Flask, database: Database, library: Library) -> Case:
    """A case to record something from, beside an agency."""
    agency = SERVICE | {"urn": "AS000001", "setting": "adoption support agency", "name": "Example Agency"}
    with database.begin() as connection:
        connection.execute(insert(Service), [agency])
        deployments.deploy(connection, files=check.read_folder(MODELS), by="ana", at=MONDAY)
    return start_case(database, library)
