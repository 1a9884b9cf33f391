"""What is due at the end of a term: a report, a reply, a payment; and which reports are combined."""

import re
from enum import StrEnum

from servanda.language.documents.dates import ALIF
from servanda.language.documents.due_days import SENTENCE_END
from servanda.language.documents.duty_words import (
    ACCOUNT,
    ACCOUNT_SUBMITTED,
    ACTION,
    COMBINED,
    IN_REPORT,
    INFORMATION,
    INITIAL,
    LOIPR,
    MEASURES_TAKEN,
    NEXT_VERB,
    OF_ANOTHER,
    OTHERS,
    PASSIVE,
    PERIODIC,
    RECEIVES_LIST,
    REPLY,
    REPORT,
    REPORT_DUE,
    REPORTS,
    STATE,
    TO_BODY,
    TO_ORGAN,
    VERB,
    WRITTEN,
)
from servanda.language.documents.paragraph_kinds import plain
from servanda.language.documents.terms import Term, terms_in


class Duty(StrEnum):
    """The kind of duty: a value of `ObligationKind`, or a duty towards others than the body, such as a payment."""

    PERIODIC_REPORT = "periodic-report"
    COMMON_CORE = "common-core"
    LOIPR = "loipr"
    FOLLOW_UP = "follow-up"
    COMPLIANCE = "compliance"  # a report on the measures taken to comply with a decision
    ACTION_PLAN = "action-plan"
    REPLY = "reply"
    WRITTEN_RESPONSE = "written-response"  # submissions, observations, comments
    DISSEMINATION = "dissemination"
    PAYMENT = "payment"
    MEASURE = "measure"


OWED_TO_BODY = frozenset(
    {
        Duty.PERIODIC_REPORT,
        Duty.LOIPR,
        Duty.FOLLOW_UP,
        Duty.COMPLIANCE,
        Duty.ACTION_PLAN,
        Duty.REPLY,
        Duty.WRITTEN_RESPONSE,
        Duty.DISSEMINATION,
    }
)


def combined_in(text: str) -> str:
    """The reports that are to be combined, in the words of the text: "eighth and ninth"; "" where there is one."""
    printed = plain(text)
    flat = printed.translate(ALIF)
    for pattern in COMBINED:
        if match := pattern.search(flat):
            name = "first" if match["first"] else "second"
            return printed[match.start(name) : match.end(name)].strip()
    return ""


def is_report_due(flat: str) -> bool:
    """Whether a text says that a report of the State itself is due, and not one of others or to others."""
    for match in REPORT_DUE.finditer(flat):
        following = SENTENCE_END.search(flat, match.end())
        if OF_ANOTHER.search(flat, match.start(), following.start() if following else len(flat)) is None:
            return True
    return False


def duty_of(text: str, term: Term, *, titled: bool = False, names_paragraphs: bool = False) -> Duty:
    """What is due at the end of one of the terms of a paragraph. `titled`: below the heading "Follow-up";
    `names_paragraphs`: the paragraph refers to others."""
    flat = plain(text).translate(ALIF)
    before, after = around(flat, term, terms_in(text))
    segment = f"{before} {after}"
    if is_for_others(before, after):
        return Duty.MEASURE
    governing = governing_verb(before, after)
    if governing == "pays":
        return Duty.PAYMENT
    if governing == "measures" or (not governing and not REPLY.search(segment)):
        is_report = is_report_due(before) or (PERIODIC.search(before[-120:]) and IN_REPORT.search(before))
        return Duty.PERIODIC_REPORT if is_report else Duty.MEASURE
    return duty_of_submission(segment, flat, titled=titled, names_paragraphs=names_paragraphs)


def term_of_reply(text: str) -> Term | None:
    """The first term at the end of which information, a report or an action plan is to be submitted to the body."""
    flat, terms = plain(text).translate(ALIF), terms_in(text)
    return next((term for term in terms if is_reported(*around(flat, term, terms))), None)


def is_reported(before: str, after: str) -> bool:
    """Whether the verb that a term belongs to submits an account to the body, and not a bill to parliament."""
    own = last_verb(before)
    verb = own or VERB.search(after)
    if verb is None or verb.lastgroup != "submits":
        return False
    segment = f"{before[own.start() :]} {NEXT_VERB.split(after)[0]}" if own else after[verb.start() :]
    account = ACCOUNT_SUBMITTED.match(segment) or TO_BODY.search(segment)
    if account is None:
        return own is not None and PASSIVE.search(before[: own.start()]) is not None
    return TO_ORGAN.match(segment, account.end()) is None


def is_for_others(before: str, after: str) -> bool:
    """Whether the applicants and not the State have something to submit."""
    others = [match.end() for match in OTHERS.finditer(before)]
    states = [match.end() for match in STATE.finditer(before)]
    if others:
        return others[-1] > max(states, default=0)
    return not states and OTHERS.search(after) is not None and STATE.search(after) is None


def duty_of_submission(segment: str, flat: str, *, titled: bool, names_paragraphs: bool) -> Duty:
    if RECEIVES_LIST.search(flat) and LOIPR.search(flat):
        return Duty.LOIPR
    if is_periodic(segment, titled=titled):
        return Duty.PERIODIC_REPORT
    if ACTION.search(segment):
        return Duty.ACTION_PLAN
    return Duty.FOLLOW_UP if titled or names_paragraphs else duty_of_answer(segment)


def is_periodic(segment: str, *, titled: bool) -> bool:
    """Whether a periodic report is submitted. Below the title "Follow-up", information in it does not count."""
    if not PERIODIC.search(segment) and not INITIAL.search(segment):
        return False
    in_report = IN_REPORT.search(segment) if titled else None
    return in_report is None or not INFORMATION.search(segment[: in_report.start()])


def duty_of_answer(segment: str) -> Duty:
    is_report = REPORT.search(segment) is not None
    on_measures = MEASURES_TAKEN.search(segment) is not None
    if REPLY.search(segment) and (ACCOUNT.search(segment) or not (is_report and on_measures)):
        return Duty.REPLY
    if is_report or (on_measures and (INFORMATION.search(segment) or REPORTS.search(segment))):
        return Duty.COMPLIANCE
    return Duty.WRITTEN_RESPONSE if WRITTEN.search(segment) else Duty.MEASURE


def around(flat: str, term: Term, terms: list[Term]) -> tuple[str, str]:
    """The words of the sentence before and behind a term, up to the terms beside it."""
    start = max((end.end() for end in SENTENCE_END.finditer(flat, 0, term.start)), default=0)
    following = SENTENCE_END.search(flat, term.end)
    end = following.start() if following else len(flat)
    others = [other for other in terms if other.start != term.start]
    start = max([start, *(other.end for other in others if other.end <= term.start)])
    end = min([end, *(other.start for other in others if other.start >= term.end)])
    return flat[start : term.start], flat[term.end : end]


def governing_verb(before: str, after: str) -> str:
    """The kind of the verb that a term belongs to: the last before it, or else the first behind it."""
    match = last_verb(before) or VERB.search(after)
    return match.lastgroup or "" if match else ""


def last_verb(before: str) -> re.Match[str] | None:
    return next(iter(reversed(list(VERB.finditer(before)))), None)
