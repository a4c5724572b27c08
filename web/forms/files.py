"""The files a browser sent with a form, and nothing else it sent."""

from pathlib import PurePath

from werkzeug.datastructures import FileStorage, MultiDict

from engine import forms


def sent_files(form: forms.Form, sent: MultiDict[str, FileStorage]) -> dict[str, list[FileStorage]]:
    """The named files by the HTML name of the form's file question they answer."""
    questions = (
        one.key
        for one in form.fields
        if isinstance(one, forms.Field) and one.kind is forms.FieldKind.FILES and not one.readonly
    )
    found = {name: [file for file in sent.getlist(name) if file.filename] for name in questions}
    return {name: files for name, files in found.items() if files}


def why_not_accepted(question: forms.Field, file_name: str) -> str | None:
    """Why a file of that name does not answer the question; None when it may."""
    endings = tuple(one for one in question.limits.accept if one.startswith("."))
    if not endings or PurePath(file_name.lower()).suffix in endings:
        return None
    return f"“{file_name[:100]}” must be one of these kinds of file: {', '.join(endings)}"
