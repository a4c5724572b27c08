"""The templates forms are drawn with: our own beside GOV.UK Frontend's macros."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader


@cache
def templates() -> Environment:
    """One environment for every form; it escapes everything that is not markup already."""
    return Environment(
        autoescape=True,
        loader=ChoiceLoader(
            [
                PackageLoader("web.forms"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        trim_blocks=True,
        lstrip_blocks=True,
    )
