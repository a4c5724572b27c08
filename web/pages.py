"""One way to answer with a page, and one to send the browser on with a word of what was done."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue


def page(template: str, *, status: int = 200, **context: Any) -> tuple[str, int]:
    """The rendered template."""
    return render_template(template, **context), status


def go(endpoint: str, *, saying: str = "", **values: Any) -> ResponseReturnValue:
    """Redirects after a form was handled; `saying` is shown on the next page."""
    if saying:
        flash(saying)
    return redirect(url_for(endpoint, **values), code=303)


def page_number() -> int:
    """The `page` of the query, from 1; anything that is no such number is the first."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def typed_fields() -> dict[str, list[str]]:
    """The answers sent; what the page itself adds (the token, a button of a row) is left out."""
    return {
        name: request.form.getlist(name)
        for name in request.form
        if name != "csrf_token" and not name.startswith("_")
    }
