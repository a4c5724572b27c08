"""What the history says in words: rules by row and by name, whatever the table."""

from engine.history import EventKind, HistoryEvent
from tests.web.office import MONDAY
from web.presenters.history import entry


def test_a_decision_tells_the_rows_of_the_tables_it_rests_on_and_calls_them_by_name() -> None:
    noted = {"Reason": "Nobody has led the home for half a year. [SCH-FI-004]"}
    matched = [{"row": 7, "rule": "r7", "annotations": noted}]
    fields = {
        "decision": "overall_limits",
        "name": "Limits of the overall judgement",
        "matched": [],
        "required": [
            {
                "decision": "overall_constraints",
                "name": "What limits the overall judgement",
                "matched": matched,
            }
        ],
    }
    personal = {"inputs": {"overall_constraints": [], "home_setting": "secure"}, "value": "good"}
    told = entry(
        HistoryEvent(
            seq=1, at=MONDAY, actor="ivy", kind=EventKind.DECISION_MADE, element="Decide", fields=fields,
            personal=personal,
        ),
        elements={},
        people={},
    )  # fmt: skip
    (row,) = told.rows
    assert (row.table, row.row, row.rules) == ("What limits the overall judgement", 7, ("SCH-FI-004",))
    labels = [name for name, _ in told.details]
    assert labels == ["What limits the overall judgement", "Home setting", "Outcome"]
