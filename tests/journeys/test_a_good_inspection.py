"""A good home: every page of an inspection, from its planning to its published report, done by hand."""

from collections.abc import Callable
from datetime import date

from tests.journeys.office import DEMO_HOME, FEEDBACK_DAY, FIRST_DAY, Office
from tests.journeys.people import EVERYTHING, Colleague, Provider

SECTIONS = {
    "Information about this service": "The home provides secure care for eight children.",
    "Overall experiences and progress": "Children make good progress.",
    "How well children are helped and protected": "Children are kept safe.",
    "The effectiveness of leaders and managers": "Leaders know the home well.",
    "Enforcement since the last inspection": "None.",
    "What was looked at": "Records, and what children and staff said.",
}


class GoodInspection:
    """The story of an inspection that nobody disputes."""

    def __init__(self, office: Office, colleague: Callable[..., Colleague], provider: Provider) -> None:
        self.office, self.colleague, self.provider = office, colleague, provider

    @property
    def lead(self) -> Colleague:
        return self.colleague("inspector")

    @property
    def teammate(self) -> Colleague:
        return self.colleague("teammate")

    # --- scheduling and preparation -------------------------------------------------------------------

    def when_the_planner_starts_the_inspection(self) -> None:
        planner = self.colleague("planner").follows("Start an inspection")
        planner.answers(
            {
                "Service": f"{DEMO_HOME} (SC000001), secure children's home, North",
                "What to start": "Full inspection",
            }
        ).presses("Continue")
        planner.answers(
            {
                "Lead inspector": "Ivy Inspector",
                "Inspection team": ["Ian Inspector"],
                "Education inspector": "Edda Education",
                "Health inspector": "Hale Health",
                "Team whose manager oversees it": "Secure homes",
                "Planned first day (optional)": FIRST_DAY,
            }
        ).presses("Start")
        planner.sees("has started", "Review information held")
        self.reference = planner.page.url.rpartition("/")[2]

    def when_the_lead_prepares_it(self) -> None:
        self.lead.does(
            "Review information held",
            {
                "Information held about the home": EVERYTHING,
                "Background": EVERYTHING,
                "Has anyone answered the questionnaires?": "Yes",
                "Lines of enquiry": "How are new children settled in?",
                "Does the Youth Custody Service place children here?": "No",
                "Is an interpreter needed?": "No",
                "Would anyone in the team inspect this home for a fourth full inspection in a row?": "No",
            },
        )
        self.lead.takes("Write briefing").sees_answer("Lines of enquiry", "How are new children settled in?")
        self.lead.answers(
            {
                "Who looks at what": [
                    {"Inspector": "Ian Inspector", "Area of responsibility": "Help and protection"},
                    {"Inspector": "Edda Education", "Area of responsibility": "Education"},
                ],
                "Where more evidence is needed": "The quality of evening activities",
            }
        ).presses("Complete task")

    def then_the_team_gets_the_briefing_by_e_mail(self) -> None:
        letter = self.office.mailbox.letter("Pre-inspection briefing")
        assert "teammate@inspect.example" in str(letter["To"])

    # --- the visit --------------------------------------------------------------------------------------

    def when_the_team_starts_on_site(self) -> None:
        self.office.the_day_is(FIRST_DAY)
        self.teammate.does(
            "Start inspection on site",
            {
                "First day on site": FIRST_DAY,
                "On arrival": EVERYTHING,
                "Day agreed for the completed Annex A": FIRST_DAY,
                "Meeting with the manager or person in charge": EVERYTHING,
                "How will the manager be kept informed?": "A meeting at the end of each day",
                "Whom to contact about the manager’s welfare": "The responsible individual",
            },
        )

    def when_it_gathers_evidence(self) -> None:
        self.teammate.does(
            "Choose cases",
            {
                "Cases": [
                    {
                        "Child's initials": "AB",
                        "Tracked or sampled?": "Tracked: looked at in depth",
                        "Looked after by a local authority?": "Yes",
                        "Why chosen": "Came this month",
                    }
                ],
                "Has there been a recent serious incident to look at?": "No",
            },
        )
        self.teammate.does(
            "Check Annex A",
            {
                "Day this version of Annex A was received": FIRST_DAY,
                "What Annex A lets you be assured of": EVERYTHING,
                "Does it conflict with evidence seen on site?": "No",
                "This version is in the evidence, beside any earlier one": True,
                "Did an authority fail a duty, or not arrange a return home interview?": "No",
            },
        )
        self.lead.does(
            "Share emerging findings",
            {
                "Strengths shared": "Staff know the children well.",
                "Weaknesses shared": "Evenings are dull.",
                "Who was told?": "The registered manager",
                "Is there evidence that the service may be judged inadequate?": "No",
                "Is the registered manager available during the inspection?": "Yes",
            },
        )

    def when_someone_writes_down_what_was_seen(self) -> None:
        self.teammate.opens_case(self.reference, "evidence").answers(
            {
                "Where it comes from": "Observation",
                "Which area it bears on": "Education",
                "Evidence": "Children came to the evening lesson by themselves.",
                "The day it was gathered": FIRST_DAY,
            }
        ).presses("Add entry")
        self.teammate.sees("The entry is in the evidence record", "came to the evening lesson")

    def when_the_team_agrees_its_judgements(self) -> None:
        self.office.the_day_is(FEEDBACK_DAY)
        self.lead.does(
            "Check evidence",
            {
                "Evidence gathered": EVERYTHING,
                "Children's experiences and progress: looked at": EVERYTHING,
                "Education and health: looked at": EVERYTHING,
                "Looked at with particular attention": EVERYTHING,
                "How children took part": EVERYTHING,
                "How evidence was gathered": EVERYTHING,
                "Recruitment and vetting": EVERYTHING,
                "Do young adults live in the home?": "No",
                "The evidence record": EVERYTHING,
            },
        )
        said = {"Key evaluative statements for feedback": "Children thrive here."}
        judged = {"Evidence considered": EVERYTHING, "Judgement": "good", **said}
        self.teammate.does("Judge help and protection", judged)
        self.teammate.does(
            "Record manager and staff",
            {
                "Is there a manager in post?": "Yes",
                "Is the manager registered?": "Yes",
                "Will you raise a requirement about the manager’s qualification?": "No",
                "Are none or very few staff qualified, with no prospect of the rest qualifying "
                "within 6 months or by their date?": "No",
            },
        )
        self.teammate.does("Judge leaders and managers", judged)
        self.colleague("education").does("Judge education and learning", {"Judgement": "good", **said})
        self.colleague("health").does("Judge health", {"Judgement": "good", **said})
        self.lead.takes("Judge overall experiences")
        assert "outstanding" in self.lead.choices("Judgement")
        self.lead.answers({"Judgement": "good", **said}).presses("Complete task")

    def when_it_lists_a_finding_and_makes_it_a_recommendation(self) -> None:
        self.teammate.does(
            "List findings",
            {
                "Breaches and weaknesses": [
                    {
                        "What was found": "Evenings offer little to do.",
                        "What is it?": "A weakness in practice",
                        "Is it a significant concern for welfare, safety or quality of care?": "No",
                        "Does it affect children or others who use the service, or is it likely to?": "Yes",
                        "How many sources of evidence?": "2",
                        "Was it a minor administrative slip, put right during the inspection?": "No",
                        "Was it raised before?": "No",
                    }
                ]
            },
        )
        self.teammate.takes("Decide finding").sees("Evenings offer little to do.")
        self.teammate.answers(
            {
                "What does it become?": "recommendation",
                "Regulation, or part of the Guide or standard": "Page 20, paragraph 4",
                "What must or should be done": "Ask children what they would like to do in the evening.",
            }
        ).presses("Complete task")

    def when_the_lead_ends_the_visit_and_gives_feedback(self) -> None:
        self.lead.does(
            "End site visit",
            {"Last day on site": FEEDBACK_DAY, "Do you need advice before giving feedback?": "No"},
        )
        self.lead.does(
            "Give feedback",
            {
                "Day of feedback": FEEDBACK_DAY,
                "Who attended?": "The manager and the responsible individual",
                "Told in the meeting": EVERYTHING,
                "Nothing was given in writing": True,
                "Feedback to children": "Given",
            },
        )
        self.teammate.does(
            "Scan notes not summarised",
            {
                "Are there handwritten notes that are not summarised?": "Yes",
                "They are legible, dated, scanned and in the evidence": True,
                "Day they were scanned": FEEDBACK_DAY,
                "Duplicate notes will be kept until the report is published": True,
            },
        )

    # --- the report ---------------------------------------------------------------------------------------

    def then_every_day_of_the_report_is_known_with_its_arithmetic(self) -> None:
        self.lead.opens_case(self.reference, "deadlines").sees(
            "18 working days after Thursday 3 December 2026, skipping Christmas Day and the Boxing Day "
            "substitute: Thursday 31 December 2026"
        )

    def when_the_inspectors_write_the_report(self) -> None:
        self.office.the_day_is(date(2026, 12, 4))
        self.lead.does("Write social care sections", SECTIONS)
        self.colleague("education").does(
            "Write education section", {"Children's education and learning": "Children catch up."}
        )
        self.colleague("health").does("Write health section", {"Children's health": "Care is prompt."})
        self.office.the_day_is(date(2026, 12, 7))
        self.lead.takes("Bring report together").sees_answer(
            "Children's education and learning", "Children catch up."
        )
        self.lead.answers(
            {
                "Date and overall judgement of the last inspection": "3 December 2025: good",
                "Recent inspection history": "Good since 2023.",
                "Service details": "Acorn Example Care",
            }
        ).presses("Complete task")
        self.lead.does("Check and submit report", {"Your own check": EVERYTHING})

    def when_the_manager_checks_it_and_the_lead_sends_the_draft(self) -> None:
        self.office.the_day_is(date(2026, 12, 9))
        self.colleague("manager").does(
            "Check report and evidence", {"What is the result?": "Ready for the provider"}
        )
        self.office.the_day_is(date(2026, 12, 16))
        self.lead.takes("Check and send draft").sees("provider1@care.example")
        self.lead.answers({"I have checked the draft report and it can be sent": True})
        self.lead.presses("Complete task")

    def when_the_provider_reads_the_draft_and_has_no_comments(self) -> None:
        self.provider.follows_the_link_of("Draft inspection report").sees("Wednesday 23 December 2026")
        assert "Children make good progress." in self.provider.downloads("Read the draft report")
        self.provider.answers(
            {
                "What would you like to do?": "I have no comments",
                "Your name and role": "Pat Provider, director",
            }
        ).presses("Send comments")
        self.provider.sees_heading("Your comments have been sent").sees(DEMO_HOME)

    def when_the_rim_approves_and_the_lead_sends_the_final_report(self) -> None:
        self.office.the_day_is(date(2026, 12, 21))
        self.colleague("rim").does(
            "Approve final report",
            {
                "The report is ready to be final, identifies no child or member of staff, "
                "and every comment is answered": True,
                "Do you propose not to publish it?": "No",
                "Must duplicate notes be kept after publication?": "No",
            },
        )
        self.lead.does("Check and send final", {"I have checked the final report and it can be sent": True})
        letter = self.office.mailbox.letter("Final inspection report")
        assert [each.get_filename() for each in letter.iter_attachments()] == ["Final report.html"]

    def when_the_lead_writes_to_the_children(self) -> None:
        self.lead.does(
            "Write child-friendly summary",
            {
                "What is good about your home": "You told us that you feel safe.",
                "What could be better": "More to do in the evening.",
                "What happens next": "The home will ask you what you would like to do.",
                "Do children need it in another form?": "No",
            },
        )
        self.lead.does("Check and send summary", {"I have checked the summary and it can be sent": True})
        assert self.office.mailbox.letter("Summary for children")

    # --- publication ----------------------------------------------------------------------------------------

    def then_the_report_waits_for_its_day(self) -> None:
        self.lead.opens_case(self.reference).sees("Running")
        self.lead.opens_case(self.reference, "deadlines").sees("Wednesday 30 December 2026")

    def when_that_day_comes(self) -> None:
        self.office.the_day_is(date(2026, 12, 30))

    def then_the_report_is_published_and_the_inspection_complete(self) -> None:
        self.lead.waits_to_see(f"/cases/{self.reference}", "The case has ended.")
        manager = self.colleague("manager").opens_case(self.reference).sees("Complete")
        manager.opens_case(self.reference, "documents").sees("Final report", "Draft report")
        manager.opens_case(self.reference, "history").sees("Case complete")
        manager.opens_case(self.reference, "diagram").sees_on_the_diagram("EndEvent_Closed", "done")
        manager.opens("/cases?state=completed").sees(self.reference, DEMO_HOME)


def test_a_good_inspection_from_planning_to_publication(
    office: Office, colleague: Callable[..., Colleague], provider: Provider
) -> None:
    story = GoodInspection(office, colleague, provider)
    story.when_the_planner_starts_the_inspection()
    story.when_the_lead_prepares_it()
    story.then_the_team_gets_the_briefing_by_e_mail()
    story.when_the_team_starts_on_site()
    story.when_it_gathers_evidence()
    story.when_someone_writes_down_what_was_seen()
    story.when_the_team_agrees_its_judgements()
    story.when_it_lists_a_finding_and_makes_it_a_recommendation()
    story.when_the_lead_ends_the_visit_and_gives_feedback()
    story.then_every_day_of_the_report_is_known_with_its_arithmetic()
    story.when_the_inspectors_write_the_report()
    story.when_the_manager_checks_it_and_the_lead_sends_the_draft()
    story.when_the_provider_reads_the_draft_and_has_no_comments()
    story.when_the_rim_approves_and_the_lead_sends_the_final_report()
    story.when_the_lead_writes_to_the_children()
    story.then_the_report_waits_for_its_day()
    story.when_that_day_comes()
    story.then_the_report_is_published_and_the_inspection_complete()
