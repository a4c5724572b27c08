import os, pathlib
L=pathlib.Path(os.environ['BPMN_ROOT'])/'letters'
def w(n,t): (L/f'{n}.md').write_text(t.strip()+'\n')
w('notice_letter','''
# Notice of inspection

Dear provider of {{service.name}}

We will inspect your agency ({{service.urn}}) from {{planned_first_day}}. {{if single_individual = "yes" then "As you are a single individual, you have 20 working days of notice." else "You have 10 working days of notice."}} It is a full inspection under the Care Standards Act 2000.

## Practical arrangements

- Time on site: {{visit_pattern}}. The inspector will call you to talk about the timetable.
- Please give the inspector access to your premises and records and a space to work, and help with electronic records where needed.
- You need no paper copies beyond those you use. The inspector may ask you to print particular documents.
- Please have staff files ready that are kept elsewhere.

{{if off_site_plan = null then "" else "Some of the work may be done off site: " + off_site_plan}}

{{if notice_note = null then "" else notice_note}}

## Information we need

Two forms are attached: pre-inspection information, and a case list. We ask for them under section 31 of the Care Standards Act 2000. In the call we agree when they will be ready. If you keep copies up to date, you can use those.

If there is a reason why the inspection cannot go ahead then, please say so in the call. Each request is decided for itself.

Please read our code of conduct before the inspection.
''')
w('agency_forms','''
# Forms to return

{{service.name}}, {{service.urn}}. Inspection from {{planned_first_day}}.

Do not name any child, adult or member of staff: we keep no personal data from these forms. Some of the information is kept for analysis.

## Pre-inspection information

- How many children and adults you work with. Count adults only for intermediary services.
- How many people work for the agency.
- What has changed since the last inspection, such as the manager, the statement of purpose or the kinds of support.
- Where we find your statement of purpose, and your children's guide if you have one.

## Case list

For each case: your own number, the kind of support, and whether a child or family, or an adult, is supported.
''')
w('agency_arrangements','''
# Arrangements for your inspection

Dear provider of {{service.name}}

Thank you for the call. This is what we agreed:

{{if arrangements_note = null then "(What was agreed comes here.)" else arrangements_note}}

Your inspection begins on {{planned_first_day}}. {{if deferral_asked = "yes" then "You asked us to put it off. We decided to go ahead: " + deferral_reason else ""}}

Please return the two forms by {{forms_agreed_on}}, here:

{{if provider_link = null then "(The link is made when the message is sent.)" else provider_link}}

Please send the attached letter to everyone who works at the agency. It says how they can reach the inspector.
''')
w('staff_letter','''
# To everyone who works at {{service.name}}

Ofsted inspects your agency from {{planned_first_day}}. If you would like to talk to the inspector during the inspection, you can:

{{inspector_contact}}

What you say can be confidential. You may have a colleague with you if you prefer. Nothing that identifies a child, an adult who uses the service, or you, will be in the report.
''')
w('agency_forms_late','''
# Forms are late

{{service.name}} ({{service.urn}}) had agreed to return its forms by {{forms_agreed_on}}. They have not come back through the link.

You may call the agency. It can also send them by e-mail, or give them to you during the inspection; preparation goes on without them.
''')
w('agency_plan','''
# Inspection plan

{{service.name}}, {{service.urn}}. Case {{reference}}. First day on site: {{planned_first_day}}. Time on site: {{visit_pattern}}.

## Lines of enquiry

{{lines_of_enquiry}}

## Apparent weaknesses

{{if apparent_weaknesses = null then "None known." else apparent_weaknesses}}

## Significant strengths

{{if apparent_strengths = null then "None known." else apparent_strengths}}

## Where more evidence is needed

{{evidence_needed}}

## Left out

{{if not_inspected = null then "Nothing." else not_inspected}}

The focus may change as evidence emerges.
''')
w('agency_feedback_record','''
# Feedback record

For Ofsted's record only. Nothing is given to the provider in writing before the report.

{{service.name}}, {{service.urn}}. Case {{reference}}. Feedback given on {{end_of_inspection}}, which is the end of the inspection.

Attended: {{feedback_attended}}

## Provisional judgements

| Area | Judgement |
|---|---|
| Overall experiences and progress | {{overall_grade}} |
| Help and protection | {{help_and_protection_grade}} |
| Leaders and managers | {{leadership_grade}} |

## Key statements

{{overall_statements}}

{{help_and_protection_statements}}

{{leadership_statements}}

## Covered in the meeting

{{if feedback_covered = null then "Nothing recorded." else feedback_covered}}

{{if feedback_covered_left_out = null then "" else "Left out: " + feedback_covered_left_out}}

## Issues raised

{{if feedback_issues = null then "None." else feedback_issues}}
''')
