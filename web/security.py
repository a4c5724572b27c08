"""Headers and cookies: a strict content policy with a nonce, CSRF tokens, no caching of pages."""

import secrets
from datetime import timedelta

from flask import Flask, g, request
from flask.wrappers import Response
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from web.settings import Settings

UPLOAD_LIMIT = 26 * 1024 * 1024
"""The largest request, in bytes: a document of 25 MiB with its form."""

STATIC = "static"

_STYLES = "'self'"

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def install(app: Flask, settings: Settings) -> None:
    """Sets limits, cookies, CSRF and headers of the application."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-sccif" if settings.secure_cookies else "sccif",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: nobody loses an hour's typing
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask documents this assignment
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.after_request(lambda response: _with_headers(response, secure=settings.secure_cookies))
    CSRFProtect(app)


def nonce() -> str:
    """The nonce of this response's inline script."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def allow_inline_styles() -> None:
    """Lets the page of this request write styles into its elements, as the editors of bpmn-io do."""
    g.style_source = "'self' 'unsafe-inline'"


def _with_headers(response: Response, *, secure: bool) -> Response:
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _content_policy())
    if secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != STATIC:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _content_policy() -> str:
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce()}'; "
        f"style-src {g.get('style_source', _STYLES)}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
