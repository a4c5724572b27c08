"""FEEL functions that only Camunda has: each is refused with what to write instead.

Of Camunda's additions to the standard, ``string join``, ``context merge`` and ``context put`` and the like
are in DMN meanwhile and are run; the others are listed here.
"""

import re
from collections.abc import Mapping

OTHERWISE = "Use a function of the DMN standard (see the guide to FEEL)."
EACH_TIME_ANOTHER = "An expression gives the same value each time: let a task set the variable."
INSTEAD: Mapping[str, str] = {
    "assert": "Ask with a gateway, or let the expression give null.",
    "cycle": "Write a repetition as text, such as R3/PT1H.",
    "duplicate values": OTHERWISE,
    "extract": "Use matches, replace or split.",
    "from json": OTHERWISE,
    "fromAi": OTHERWISE,
    "get or else": "Write if x != null then x else y.",
    "is blank": 'Write matches(x, "^\\s*$").',
    "is defined": "Write x != null.",
    "is empty": "Write count(x) = 0.",
    "last day of month": "Take a day off the first of the next month.",
    "partition": "Use sublist.",
    "put": "Use context put.",
    "put all": "Use context merge.",
    "random number": EACH_TIME_ANOTHER,
    "to base64": OTHERWISE,
    "to json": "Use string.",
    "trim": 'Write replace(x, "^\\s+|\\s+$", "").',
    "uuid": EACH_TIME_ANOTHER,
}
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_CALL = re.compile(
    r"(?<![\w.])("
    + "|".join(name.replace(" ", r"\s+") for name in sorted(INSTEAD, key=len, reverse=True))
    + r")\s*\("
)


def foreign_function(text: str) -> str | None:
    """The first function of Camunda's own that an expression calls."""
    found = _CALL.search(_STRING.sub('""', text))
    return None if found is None else " ".join(found[1].split())
