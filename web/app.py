"""Puts the application together: limits, guard, error pages, templates and one blueprint a door."""

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from engine.db import Database
from engine.runtime.library import Library
from web import access, errors, health, metrics, request_log, roles, security, sending, sightings
from web.auth import views as auth
from web.cases import views as cases
from web.deadlines import case as case_deadlines
from web.deadlines import overview as deadlines
from web.deadlines import visits, working_days
from web.edge import EXTENSION, Edge
from web.guidance import views as guidance
from web.inbox import views as inbox
from web.manage import views as manage
from web.models import views as models
from web.operating import variables as case_variables
from web.operating import views as operating
from web.planning import views as planning
from web.presenters import dates
from web.presenters.navigation import navigation
from web.provider import views as provider
from web.recording import views as recording
from web.service import views as service
from web.settings import SERVICE_NAME, Settings

DOORS = (
    auth,
    inbox,
    cases,
    recording,
    service,
    case_deadlines,
    operating,
    case_variables,
    deadlines,
    working_days,
    visits,
    manage,
    planning,
    models,
    guidance,
    provider,
    health,
)


def create_app(database: Database, library: Library, settings: Settings) -> Flask:
    """The web application. Raises UndeclaredRouteError if a route does not say who may use it."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.extensions[EXTENSION] = Edge(database, library, settings)
    app.before_request(access.guard)  # before CSRF: a session that ended is told as that
    security.install(app, settings)
    errors.install(app)
    sightings.install(app)
    metrics.install(app)
    request_log.install(app)
    _install_templates(app)
    sending.install(app)
    access.for_anyone(app.view_functions["static"])
    for door in DOORS:
        app.register_blueprint(door.blueprint)
    for rule in app.url_map.iter_rules():
        access.access_of(app, rule)
    return app


def _install_templates(app: Flask) -> None:
    govuk = PackageLoader("govuk_frontend_jinja")
    app.jinja_loader = ChoiceLoader([PackageLoader("web"), PrefixLoader({"govuk_frontend_jinja": govuk})])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        service_name=SERVICE_NAME,
        csp_nonce=security.nonce,
        visitor=access.visitor,
        navigation=navigation,
        role_name=roles.name,
    )
    app.jinja_env.filters.update(day=dates.day, weekday=dates.weekday, moment=dates.moment)
