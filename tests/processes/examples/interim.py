"""What is expected of the grade of an interim inspection."""

from tests.processes.examples import Example, Inputs

DOWN = ["declined in effectiveness"]


def expected(grades: list[str], *, no_timely_steps: bool, not_applied: bool) -> Example:
    inputs: Inputs = {"no_timely_steps": no_timely_steps, "not_applied": not_applied}
    return ("interim", "effectiveness_limits", inputs, [list(grades)])


EXAMPLES: list[Example] = [
    expected(
        ["improved effectiveness", "sustained effectiveness", *DOWN], no_timely_steps=False, not_applied=False
    ),
    expected(DOWN, no_timely_steps=True, not_applied=False),
    expected(DOWN, no_timely_steps=False, not_applied=True),
    expected(DOWN, no_timely_steps=True, not_applied=True),
]
