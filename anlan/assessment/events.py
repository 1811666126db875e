"""News of the assessment."""

ROUND_OPENED = "assessment.round_opened"
ROUND_CLOSED = "assessment.round_closed"
ASSIGNMENT_SUBMITTED = "assessment.assignment_submitted"
ANSWER_RETURNED = "assessment.answer_returned"
ASSESSMENT_PUBLISHED = "assessment.assessment_published"
