"""Statements for pages, and the page of rows they give."""

from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Select

PAGE_SIZE = 20

Statement: TypeAlias = Select[*tuple[Any, ...]]
"""A select that its caller runs, counts or pages; always ordered, the id last."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `more` says that a next one exists."""

    rows: tuple[T, ...]
    number: int
    more: bool


def sliced(statement: Statement, number: int) -> Statement:
    """Page `number` (from 1) and one row of the next."""
    return statement.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)


def paged(rows: list[T], number: int) -> Page[T]:
    """The page that `sliced` fetched."""
    return Page(tuple(rows[:PAGE_SIZE]), number, len(rows) > PAGE_SIZE)
