"""Consultations and comments as one reader sees them, and the contributors who can be invited."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.people.access import OFFICES, Can, can
from servanda.people.models import Appointment, Institution, User
from servanda.recommendations.pages.history import word_difference
from servanda.reporting.models import (
    CommentFile,
    Consultation,
    ConsultationComment,
    ConsultationCommentQuerySet,
    ConsultedSection,
    Report,
    ReportSection,
    ReportSnapshot,
)
from servanda.reporting.models.reports import Reader
from servanda.reporting.reports.gaps import without_gaps

State = ConsultationComment.State
TIME_TO_PUBLISH = timedelta(days=7)  # then comments that are not published are counted in public
MOST_WORDS = 6_000  # comparing takes the square of their number: longer texts are shown as replaced


def contributors() -> QuerySet[User]:
    """Active people who contribute for an institution today and hold no office in the mechanism."""
    appointed = Appointment.objects.current(on=timezone.localdate()).filter(
        person=OuterRef("pk"), function=Appointment.Function.CONTRIBUTOR
    )
    rows = User.objects.filter(Exists(appointed), is_active=True).exclude(role__in=OFFICES)
    return rows.order_by("name", "pk")


def institutions_of_contributors(people: Iterable[User]) -> dict[int, str]:
    rows = Appointment.objects.current(on=timezone.localdate()).filter(
        person__in=[person.pk for person in people], function=Appointment.Function.CONTRIBUTOR
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows.select_related("institution").order_by("pk"):
        found[row.person_id].append(str(row.institution))
    return {person: "; ".join(names) for person, names in found.items()}


def contributing_institutions() -> QuerySet[Institution]:
    """Institutions that have a contributor today."""
    appointed = Appointment.objects.current(on=timezone.localdate()).filter(function=Appointment.Function.CONTRIBUTOR)
    rows = Institution.objects.active(on=timezone.localdate())
    return rows.filter(pk__in=appointed.order_by().values("institution")).order_by("code")


def offered_sections(report: Report) -> QuerySet[ReportSection]:
    """The sections that have a text."""
    return report.sections.exclude(text="").order_by("place", "pk")


def find_consultations(user: Reader) -> QuerySet[Consultation]:
    """Consultations, each with the number of comments that can be replied to and of those without a reply."""
    counted = Q(comments__state__in=ConsultationComment.ANSWERABLE)
    rows = Consultation.objects.visible_to(user).select_related("report")
    return rows.annotate(
        comment_count=Count("comments", filter=counted),
        waiting_count=Count("comments", filter=counted & Q(comments__verdict="")),
    )


@dataclass(slots=True)
class CommentLine:
    """A comment as one reader sees it; a withheld one has no text for others than its author and the mechanism."""

    comment: ConsultationComment
    who: str
    is_own: bool = False
    shows_text: bool = True
    may_change: bool = False  # edit or withdraw
    files: Sequence[CommentFile] = ()
    file_page: str = "desk:comment_file"


def comment_lines(comments: Iterable[ConsultationComment], user: Reader | None, *, on: date) -> list[CommentLine]:
    """`user` is None for the public."""
    sees_all, sees_people = can(user, Can.EDIT_REPORTS), can(user, Can.SEE_CONTRIBUTORS)
    return [line_for(comment, user, sees_all=sees_all, sees_people=sees_people, on=on) for comment in comments]


def line_for(
    comment: ConsultationComment, user: Reader | None, *, sees_all: bool, sees_people: bool, on: date
) -> CommentLine:
    is_own = comment.author_id is not None and user is not None and comment.author_id == user.pk
    shows_text = not comment.is_withheld or is_own or sees_all
    who = comment.author_name if shows_text else str(_("Not named"))
    if (is_own or sees_people) and comment.author is not None:
        who = " · ".join(filter(None, [str(comment.author), comment.organisation]))
    may_change = is_own and comment.is_answerable and not comment.verdict and comment.consultation.is_open_on(on)
    files = [file for file in comment.files.all() if file.removed_at is None] if shows_text else []
    line = CommentLine(comment, who, is_own=is_own, shows_text=shows_text, may_change=may_change, files=files)
    line.file_page = "desk:comment_file" if user is not None else "portal:public_comment_file"
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentChoice:
    """What is chosen above the list of comments."""

    section: str = ""  # place of the section; "0" is the whole draft
    state: str = ""
    reply: str = ""
    words: str = ""


NO_REPLY = "none"


def chosen_comments(comments: ConsultationCommentQuerySet, chosen: CommentChoice) -> ConsultationCommentQuerySet:
    if chosen.section == "0":
        comments = comments.filter(section=None)
    elif chosen.section:
        comments = comments.filter(section__place=int(chosen.section))
    if chosen.state:
        comments = comments.filter(state=chosen.state)
    if chosen.reply == NO_REPLY:
        comments = comments.waiting()
    elif chosen.reply:
        comments = comments.filter(verdict=chosen.reply)
    if chosen.words:
        comments = comments.filter(Q(text__icontains=chosen.words) & ~Q(state=State.WITHHELD))
    return comments


def comments_on(consultation: Consultation, user: Reader) -> ConsultationCommentQuerySet:
    """In the order of the sections; those on the whole draft first."""
    rows = ConsultationComment.objects.visible_to(user).filter(consultation=consultation)
    return in_order(rows)


def public_comments_on(consultation: Consultation) -> ConsultationCommentQuerySet:
    return in_order(ConsultationComment.objects.public().filter(consultation=consultation))


def unpublished_on(consultation: Consultation) -> str:
    """How many comments have awaited publication for a week, and since which day the oldest waits; an empty text if
    there are none. More recent comments are not counted, so that a new comment changes nothing on the public page."""
    rows = ConsultationComment.objects.filter(consultation=consultation, state=ConsultationComment.State.WAITING)
    rows = rows.filter(sent_at__lt=timezone.now() - TIME_TO_PUBLISH)
    found = rows.aggregate(count=Count("pk"), oldest=Min("sent_at"))
    if not found["count"]:
        return ""
    sentence = ngettext(
        "%(count)d comment awaits publication since %(day)s.",
        "%(count)d comments await publication, the oldest since %(day)s.",
        found["count"],
    )
    day = date_format(timezone.localdate(found["oldest"]), "DATE_FORMAT")
    return sentence % {"count": found["count"], "day": day}


def in_order(rows: ConsultationCommentQuerySet) -> ConsultationCommentQuerySet:
    rows = rows.select_related("section", "author", "consultation__report").prefetch_related("files")
    return rows.order_by(F("section__place").asc(nulls_first=True), "pk")


@dataclass(slots=True)
class SectionLine:
    """A consulted section, or the whole draft, with the number of comments on it."""

    section: ConsultedSection | None
    comments: int


def section_lines(consultation: Consultation, comments: ConsultationCommentQuerySet) -> list[SectionLine]:
    """The whole draft first. `comments` are those that the reader sees."""
    rows = comments.order_by().values_list("section").annotate(number=Count("pk"))
    counts: dict[int | None, int] = dict(rows)
    sections: list[ConsultedSection | None] = [None]
    for section in consultation.sections.all():
        section.text = without_gaps(section.text)  # that of earlier consultations has them
        sections.append(section)
    return [SectionLine(section, counts.get(section.pk if section else None, 0)) for section in sections]


def submitted_since(consultation: Consultation) -> ReportSnapshot | None:
    """The published report based on the draft."""
    if consultation.opened_at is None:
        return None
    rows = ReportSnapshot.objects.public().filter(report=consultation.report_id, at__gt=consultation.opened_at)
    return rows.order_by("-at", "-pk").first()


@dataclass(slots=True)
class ChangedSection:
    """What changed in a section since it was opened for comments, beside the replies that promised a change."""

    section: ConsultedSection
    difference: list[tuple[str, str]]
    comments: list[ConsultationComment]


def changed_sections(consultation: Consultation) -> list[ChangedSection]:
    """Sections with another text today, or with a comment that was accepted at least in part."""
    taken = ConsultationComment.objects.filter(
        consultation=consultation, state=State.SHOWN, verdict__in=["accepted", "partly"]
    )
    by_section: defaultdict[int, list[ConsultationComment]] = defaultdict(list)
    for comment in taken.exclude(section=None).order_by("pk"):
        by_section[comment.section_id or 0].append(comment)
    rows = [
        ChangedSection(
            section,
            difference_since(*map(without_gaps, (section.text, section.section.text))),
            by_section[section.pk],
        )
        for section in consultation.sections.select_related("section")
    ]
    return [row for row in rows if row.difference or row.comments]


def difference_since(then: str, now: str) -> list[tuple[str, str]]:
    if then == now:
        return []
    if len(then.split()) + len(now.split()) > MOST_WORDS:
        return [pair for pair in (("gone", then), ("new", now)) if pair[1]]
    return word_difference(then, now)
