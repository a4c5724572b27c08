"""The overview of deadlines, one's own, their export, and one's settings."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from engine.queries import deadlines
from engine.runtime import feeds
from web import edge, roles
from web.access import for_anyone, for_roles, me
from web.deadlines import feed, listing
from web.pages import go, page
from web.presenters.calendar_picture import WEEKDAYS

blueprint = Blueprint("deadlines", __name__, url_prefix="/deadlines")

OVERSEERS = (roles.PLANNER, *roles.OVERSIGHT)
WORKDAYS = WEEKDAYS[:5]


@blueprint.get("")
@for_roles(*OVERSEERS)
def overview() -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("deadlines/list.html", **listing.shown(connection, mine=False))


@blueprint.get("/mine")
@for_roles(*roles.CASEWORK)
def mine() -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("deadlines/list.html", **listing.shown(connection, mine=True))


@blueprint.get("/deadlines.csv")
@for_roles(*OVERSEERS)
def export() -> ResponseReturnValue:
    with edge.reading() as connection:
        written = listing.as_csv(connection)
    headers = {"Content-Disposition": f'attachment; filename="deadlines-{edge.today()}.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)


@blueprint.get("/settings")
@for_roles(*roles.CASEWORK)
def settings() -> ResponseReturnValue:
    with edge.reading() as connection:
        chosen = deadlines.works_on(connection, me().id)
        address = feed.address(connection)
    return page("deadlines/settings.html", days=WORKDAYS, chosen=chosen, address=address, errors={})


@blueprint.post("/settings")
@for_roles(*roles.CASEWORK)
def set_days() -> ResponseReturnValue:
    chosen = [day for day in WORKDAYS if day in request.form.getlist("days")]
    with edge.writing() as connection:
        if not chosen:
            errors = {"days": "Choose at least one day on which you work"}
            address = feed.address(connection)
            return page(
                "deadlines/settings.html",
                status=422,
                days=WORKDAYS,
                chosen=[],
                address=address,
                errors=errors,
            )
        deadlines.set_works_on(connection, me().id, chosen)
    return go("deadlines.settings", saying="Your working days are recorded")


@blueprint.post("/feed")
@for_roles(*roles.CASEWORK)
def new_feed() -> ResponseReturnValue:
    with edge.writing() as connection:
        feeds.issue(connection, user_id=me().id, at=edge.now())
    return go("deadlines.settings", saying="Your calendar feed has a new address; an old one no longer works")


@blueprint.post("/feed/revoke")
@for_roles(*roles.CASEWORK)
def revoke_feed() -> ResponseReturnValue:
    with edge.writing() as connection:
        feeds.revoke(connection, user_id=me().id, at=edge.now())
    return go("deadlines.settings", saying="Your calendar feed is closed")


@blueprint.get("/feed/<token>.ics")
@for_anyone
def calendar_feed(token: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        return Response(feed.written(connection, token), mimetype="text/calendar")
