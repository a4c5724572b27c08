"""Services, people and the roles they hold."""

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Identity,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.db.tables.base import Base


class Service(Base):
    """A registered home or agency."""

    __tablename__ = "service"

    urn: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    setting: Mapped[str]
    region: Mapped[str]
    local_authority: Mapped[str]
    provider_name: Mapped[str]
    provider_email: Mapped[str]
    registered_manager: Mapped[str | None]
    responsible_individual: Mapped[str | None]
    manager_vacant_since: Mapped[date | None]
    last_inspection: Mapped[date | None]
    last_overall: Mapped[str | None]


class User(Base):
    """A person who signs in. `id` is the name they sign in with."""

    __tablename__ = "app_user"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]
    works_on: Mapped[list[str]] = mapped_column(
        server_default=text("'{Monday,Tuesday,Wednesday,Thursday,Friday}'")
    )


class CalendarFeed(Base):
    """A signed address from which a person's own calendar reads their deadlines, until it is revoked."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class UserRole(Base):
    """A role a person holds; team and region narrow it where the role's relation asks for it."""

    __tablename__ = "user_role"

    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(primary_key=True, server_default="")
    region: Mapped[str] = mapped_column(primary_key=True, server_default="")
