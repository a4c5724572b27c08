"""The canonical form that history rows are hashed in."""

from datetime import UTC, datetime
from decimal import Decimal

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import LONDON
from engine.history import Event, EventKind, append, canonical

KEYS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_form_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


def test_a_decimal_is_the_same_whether_it_came_from_python_or_from_the_database() -> None:
    assert canonical({"n": Decimal("18.0")}) == canonical({"n": 18}) == b'{"n":18}'
    assert canonical(Decimal("1.50")) == canonical(Decimal("1.5")) == b'"1.5"'


def test_a_moment_hashes_alike_whatever_zone_it_was_named_in() -> None:
    event = Event(kind=EventKind.CASE_STARTED, element=None, fields={})
    at = datetime(2026, 7, 1, 8, tzinfo=UTC)
    hashes = {
        append(b"", 0, at=moment, actor="planner", events=[event])[1]
        for moment in (at, at.astimezone(LONDON))
    }
    assert len(hashes) == 1
