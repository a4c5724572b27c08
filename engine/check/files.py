"""Sorts a folder's files by kind and reads each, so that every check works on what was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

from engine import dialect, dmn, forms
from engine.check.findings import Finding
from engine.forms import Form


class FileKind(StrEnum):
    """What a model file is."""

    BPMN = "bpmn"
    DMN = "dmn"
    FORM = "form"
    GROUPS = "groups"
    LETTER = "letter"
    GUIDANCE = "guidance"
    TEMPLATE = "template"


_BY_ENDING = {".bpmn": FileKind.BPMN, ".dmn": FileKind.DMN, ".form": FileKind.FORM}
_BY_FOLDER = {"letters": FileKind.LETTER, "guidance": FileKind.GUIDANCE, "templates": FileKind.TEMPLATE}
LARGEST_FILE = 5 * 2**20
"""Bytes; a larger file is no diagram."""


class UnknownFileError(ValueError):
    """A file that is no model."""


def kind_of(name: str) -> FileKind:
    """What a file is, by its ending or folder. Raises `UnknownFileError`."""
    path = PurePosixPath(name)
    if path.name == "groups.yaml":
        return FileKind.GROUPS
    kind = _BY_ENDING.get(path.suffix) or next(
        (_BY_FOLDER[part] for part in path.parts[:-1] if part in _BY_FOLDER), None
    )
    if kind is None:
        raise UnknownFileError(
            f"{name} is no model file: diagrams end in .bpmn, tables in .dmn, forms in .form; letters, "
            "guidance and templates stand in the folders of these names."
        )
    return kind


@dataclass(slots=True, kw_only=True)
class ReadFiles:
    """Every file that could be read, by its name; `findings` tell of those that could not."""

    contents: Mapping[str, bytes]
    kinds: dict[str, FileKind] = field(default_factory=dict)
    diagrams: dict[str, dialect.Model] = field(default_factory=dict)
    tables: dict[str, dmn.Model] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def names(self, kind: FileKind) -> list[str]:
        """The names of the files of a kind, in order."""
        return [name for name, of in sorted(self.kinds.items()) if of is kind]


def read_folder(folder: Path) -> dict[str, bytes]:
    """All model files under `folder`, by their path inside it; other files are left alone."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and _is_model(name):
            found[name] = path.read_bytes()
    return found


def _is_model(name: str) -> bool:
    try:
        kind_of(name)
    except UnknownFileError:
        return False
    return True


def read_all(contents: Mapping[str, bytes]) -> ReadFiles:
    """Read each file; what cannot be read becomes findings."""
    read = ReadFiles(contents=contents)
    for name in sorted(contents):
        try:
            kind = read.kinds[name] = kind_of(name)
        except UnknownFileError as error:
            read.findings.append(Finding(file=name, element="", reason=str(error), remedy="Leave it out."))
            continue
        if len(contents[name]) > LARGEST_FILE:
            read.findings.append(
                Finding(
                    file=name,
                    element="",
                    reason=f"The file is larger than {LARGEST_FILE // 2**20} MiB.",
                    remedy="Split the model.",
                )
            )
            continue
        _read(read, kind, name, contents[name])
    return read


def _read(read: ReadFiles, kind: FileKind, name: str, data: bytes) -> None:
    try:
        match kind:
            case FileKind.BPMN:
                read.diagrams[name] = dialect.read(data)
            case FileKind.DMN:
                read.tables[name] = dmn.loads(data)
            case FileKind.FORM:
                read.forms[name] = forms.read(data)
            case _:
                pass
    except dialect.DialectError as error:
        read.findings += [
            Finding(file=name, element=each.element_id, reason=each.message, remedy=each.remedy)
            for each in error.findings
        ]
    except dmn.ModelError as error:
        reason = f"{error.what}. {error.why}".strip()
        read.findings.append(Finding(file=name, element=error.element_id, reason=reason, remedy=error.remedy))
    except forms.FormError as error:
        read.findings += [
            Finding(file=name, element=each.component_id, reason=each.message, remedy=each.remedy)
            for each in error.findings
        ]
