"""Draws a form, and the summary of what is wrong with its answers."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from engine import feel, forms
from web.forms.drawing import Attachments, GuidanceLink, Page
from web.forms.environment import templates


def render(
    form: forms.Form,
    raw: forms.Raw,
    errors: Mapping[str, str],
    context: Mapping[str, feel.Value],
    environment: feel.Environment,
    *,
    redraw: bool = False,
    redraw_url: str = "",
    guidance_link: GuidanceLink | None = str,
    attachments: Attachments | None = None,
    heading: int = 2,
) -> Markup:
    """The form's region (`data-form-region`), to be put inside a `<form>` before its submit button.

    `raw` is what was typed, or `forms.prefill`. Without `redraw` everything the answers might bring
    up is there, with its condition in words; with it, what they hide is left out. `redraw_url` takes
    the POST that answers with `redraw`; `heading` is the level for headings inside; without
    `guidance_link` rules are not named.
    Raises `forms.FormConditionError`.
    """
    page = Page(
        raw=raw,
        errors=errors,
        context=context,
        answers=forms.settle(form, raw, context, environment),
        redraw=redraw,
        guidance_link=guidance_link,
        attachments=attachments or {},
    )
    return _markup(
        "region.html",
        inside=_inside(form, page, heading),
        redraw_url=redraw_url,
        redraw_on=" ".join(_asked_names(form, page.answers)),
    )


def redraw(
    form: forms.Form,
    raw: forms.Raw,
    context: Mapping[str, feel.Value],
    environment: feel.Environment,
    *,
    guidance_link: GuidanceLink | None = str,
    attachments: Attachments | None = None,
    heading: int = 2,
) -> Markup:
    """What goes inside the region for the answers so far, without what they hide.

    Raises `forms.FormConditionError`.
    """
    page = Page(
        raw=raw,
        errors={},
        context=context,
        answers=forms.settle(form, raw, context, environment),
        redraw=True,
        guidance_link=guidance_link,
        attachments=attachments or {},
    )
    return _inside(form, page, heading)


def _inside(form: forms.Form, page: Page, heading: int) -> Markup:
    buttons = any(isinstance(one, forms.Rows) for one in form.fields) or any(page.attachments.values())
    return _markup("inside.html", drawings=page.draw(form.components, heading), buttons=buttons)


def _markup(template: str, **facts: object) -> Markup:
    return Markup(templates().get_template(template).render(**facts))


def _asked_names(form: forms.Form, answers: forms.Answers) -> Iterator[str]:
    """The HTML names whose answers other parts of the form depend on."""
    for one in form.fields:
        if one.key in form.asked:
            yield one.key
        if isinstance(one, forms.Rows):
            inner = [field.key for field in one.fields if field.key in form.asked or one.key in form.asked]
            for number in answers.rows.get(one.key, ()):
                yield from (forms.row_name(one.key, number, key) for key in inner)


def error_summary(form: forms.Form, errors: Mapping[str, str]) -> Markup:
    """The list of errors, each a link to the control to mend; empty without errors."""
    if not errors:
        return Markup()
    dates = set(_date_names(form, errors))
    listed = [
        {"text": text, "href": f"#{name}-day" if name in dates else f"#{name}"}
        for name, text in errors.items()
    ]
    return _markup("error_summary.html", errors=listed)


def _date_names(form: forms.Form, errors: Mapping[str, str]) -> Iterator[str]:
    """Those of the names that are dates: their link leads to the day, as a group takes no focus."""
    for one in form.fields:
        if isinstance(one, forms.Field) and one.kind is forms.FieldKind.DATE:
            yield one.key
        if isinstance(one, forms.Rows):
            endings = tuple(f"-{inner.key}" for inner in one.fields if inner.kind is forms.FieldKind.DATE)
            yield from (name for name in errors if name.startswith(f"{one.key}-") and name.endswith(endings))
