"""What inspection a secure home has while no children live there."""

from tests.processes.examples import SCH, Example

SOON, LATER = "within 3 months", "later or not planned"


def home(
    variant: str,
    *,
    condition: bool = False,
    living: bool = False,
    first: bool = False,
    since: bool = False,
    admission: str = LATER,
) -> Example:
    inputs = {
        "setting": SCH,
        "condition_in_force": condition,
        "children_living": living,
        "first_inspection": first,
        "children_since": since,
        "admission": admission,
    }
    return ("no_children", "no_children", inputs, [variant])


EXAMPLES: list[Example] = [
    home("usual", living=True, condition=True),
    home("choose the type", condition=True, since=True),
    home("no judgement", first=True, admission=SOON),
    home("usual", first=True, since=True),
    home("choose the type", since=True, admission=SOON),
    home("choose the type", admission=SOON),
    home("choose the type", since=True),
]
