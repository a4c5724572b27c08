"""The homes and agencies that are inspected come from a list: all of it or nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.db import Database
from engine.db.tables import Service
from web.cli import main

HEADINGS = "urn,name,setting,region,local_authority,provider_name,provider_email,last_inspection\n"
HOME = (
    "SC1,Example House,secure children's home,North,Exampleshire,Example Care,care@example.org,2026-03-02\n"
)


@pytest.fixture
def load(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(text: str) -> Result:
        file = tmp_path / "services.csv"
        file.write_text(text)
        return CliRunner().invoke(main, ["services", "load", str(file)])

    return run


def _names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(Service.name).order_by(Service.urn)).scalars())


def test_a_list_of_services_is_taken(load, database: Database) -> None:
    assert load(HEADINGS + HOME).output == "1 services\n"
    assert _names(database) == ["Example House"]


def test_a_known_service_is_brought_up_to_date_by_its_urn(load, database: Database) -> None:
    load(HEADINGS + HOME)
    load(HEADINGS + HOME.replace("Example House", "Example Lodge"))
    assert _names(database) == ["Example Lodge"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("urn,name\n", "row 1: The headings lack setting"),
        (HEADINGS + HOME.replace("secure children's home", "castle"), "row 2: 'castle' is no setting"),
        (HEADINGS + HOME.replace("2026-03-02", "2 March"), "row 2: last_inspection: '2 March' is no date"),
        (HEADINGS + HOME.replace("care@example.org", "care"), "row 2: 'care' is no e-mail address"),
        (HEADINGS + HOME.replace("Example House", ""), "row 2: name is empty"),
        (HEADINGS + HOME + HOME, "row 1: The URN SC1 stands in several rows"),
    ],
)
def test_one_wrong_row_keeps_the_whole_list_out_and_is_named(
    load, database: Database, text: str, why: str
) -> None:
    result = load(text)
    assert result.exit_code == 1
    assert why in result.output
    assert _names(database) == []
