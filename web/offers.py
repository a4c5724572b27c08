"""The processes that a page offers to start: the newest versions whose properties say so."""

from dataclasses import dataclass

from sqlalchemy import Connection

from engine import forms, starting
from engine.queries import models
from engine.runtime.library import CompiledProcess
from engine.starting import Door, Terms
from web import edge


@dataclass(frozen=True, slots=True)
class Offer:
    """A process that may be started here."""

    process: CompiledProcess
    terms: Terms

    @property
    def id(self) -> str:
        return self.process.model.id

    @property
    def name(self) -> str:
        return self.process.model.name

    @property
    def about(self) -> str:
        """What it is for: the documentation of its diagram."""
        return self.process.model.documentation

    def form(self, connection: Connection) -> forms.Form | None:
        """The form of its plain start event."""
        model = self.process.model
        plain = next(model.elements[start.element_id] for start in model.starts if start.event is None)
        if plain.form is None:
            return None
        library = edge.library()
        bound = library.form_id(connection, self.process, plain.form.form_id, plain.form.binding)
        return library.form(connection, bound)


def offered(connection: Connection, door: Door, *, setting: str = "") -> list[Offer]:
    """What a page offers for services of a setting, or of any; by name."""
    found = []
    for row in connection.execute(models.newest_processes()):
        process = edge.library().process(connection, row.id)
        terms = starting.read_terms(process.model.properties)
        settings = [setting] if setting else list(starting.SETTINGS)
        if any(terms.offered(door, each) for each in settings):
            found.append(Offer(process, terms))
    return sorted(found, key=lambda offer: (offer.name, offer.id))
