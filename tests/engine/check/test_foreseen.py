"""An error event that can never happen is a fault of the model: the way behind it would never be taken."""

import pytest
from smallmodels import Element, foreseen, job, task

from engine import check
from engine.dialect import JOB_ERRORS, PUBLISH_MESSAGE
from engine.worker.handlers import HANDLERS


def _told(work: Element, code: str) -> list[str]:
    found = check.check(foreseen(work, code))
    return [each.reason for each in found if each.element == "Refused"]


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (job(type="email"), "mail-refused"),
        (job(type="webhook"), "webhook-refused"),
        (job(type="email"), ""),
        (job(type="=kind"), "anything"),
        (job(type="done-by-others"), "anything"),
    ],
)
def test_an_error_that_a_job_may_end_in_can_be_caught(work: Element, code: str) -> None:
    assert _told(work, code) == []


@pytest.mark.parametrize(
    ("work", "code", "reason"),
    [
        (job(type="email"), "mail refused", "never throws the error 'mail refused'"),
        (job(type="email"), "mail refused", "It may throw 'mail-refused'."),
        (job(type="document"), "", "never throws any error"),
        (task("Work"), "mail-refused", "never throws the error 'mail-refused'"),
    ],
)
def test_an_error_that_never_happens_cannot_be_caught(work: Element, code: str, reason: str) -> None:
    (told,) = _told(work, code)
    assert reason in told


def test_the_errors_of_every_job_that_we_do_are_known() -> None:
    assert JOB_ERRORS.keys() == {*HANDLERS, PUBLISH_MESSAGE}


@pytest.mark.parametrize("header", ["errorVariable", "resultVariable"])
def test_what_the_end_of_a_job_sets_can_be_read(header: str) -> None:
    files = foreseen(job(**{header: "answer"}), "anything")
    (name,) = files
    drawn = files[name].replace(b'candidateGroups="manager"', b'candidateUsers="=answer.by"')
    assert drawn != files[name]
    assert not [each for each in check.check({name: drawn}) if "answer" in each.reason]
    assert [
        each
        for each in check.check({name: drawn.replace(b"answer.by", b"another.by")})
        if "another" in each.reason
    ]
