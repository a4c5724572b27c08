"""What is monitored, who hears of it, what may be shared and what a notice comes to."""

from tests.processes.examples import ASA, CH, SCH, Example


def rules(setting: str, reason: str, about: str | None, tell: bool | None) -> Example:
    return (
        "monitoring_rules",
        "monitoring_rules",
        {"setting": setting, "monitoring_reason": reason},
        [about, tell],
    )


def share(source: str, allegation: bool, agency: bool, expected: str) -> Example:
    return (
        "sharing",
        "sharing",
        {"concern_source": source, "allegation": allegation, "other_agency": agency},
        [expected],
    )


def hears(setting: str, inadequate: bool, directors: bool, dfe: bool) -> Example:
    return ("who_hears", "who_hears", {"setting": setting, "after_inadequate": inadequate}, [directors, dfe])


def notice(result: str, failure: bool, expected: str) -> Example:
    return ("notice_outcome", "notice_outcome", {"result": result, "other_failure": failure}, [expected])


EXAMPLES: list[Example] = [
    *[rules(setting, "concern", "concerns", False) for setting in (SCH, CH, ASA)],
    rules(SCH, "notice", "requirements", True),
    rules(CH, "inadequate judgement", "requirements", True),
    rules(ASA, "proposal to cancel", "requirements", False),
    rules(SCH, "building work", "one aspect", False),
    rules(CH, "building work", None, None),
    rules(ASA, "single aspect", None, None),
    share("other", False, False, "as much as possible"),
    share("other", True, True, "hold back"),
    share("other", False, True, "hold back"),
    share("whistle-blower", False, False, "protect the source"),
    share("anonymous", True, False, "hold back and protect the source"),
    share("whistle-blower", False, True, "hold back and protect the source"),
    hears(SCH, True, True, True),
    hears(SCH, False, False, True),
    hears(CH, True, True, False),
    hears(CH, False, False, False),
    hears(ASA, True, False, False),
    notice("full", False, "met"),
    notice("full", True, "met, but another failure"),
    notice("partly", False, "not met"),
    notice("not", True, "not met"),
]
