"""Pages of comments on drafts: the list with its files, one comment, and what its author does."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.desk.consultations.finding import ask, find_comment, find_consultation
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import (
    ListFilter,
    SelectBox,
    choice_in,
    page_number,
    page_of,
    pager,
    slice_of,
    words_in,
)
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse
from servanda.progress.evidence.downloads import send_stored
from servanda.progress.rounds.days import local_day
from servanda.reporting.consultations import commenting as deeds
from servanda.reporting.consultations.attachments import MEGABYTES
from servanda.reporting.consultations.forms import CommentForm, EditCommentForm
from servanda.reporting.consultations.queries import (
    NO_REPLY,
    CommentChoice,
    chosen_comments,
    comment_lines,
    comments_on,
)
from servanda.reporting.consultations.tables import (
    FORMATS,
    docx_of_comments,
    name_of_comments,
    xlsx_of_comments,
)
from servanda.reporting.models import CommentFile, Consultation, ConsultationComment
from servanda.trail.models import Event

State, Verdict = ConsultationComment.State, ConsultationComment.Verdict
LONGEST_PLACE = 5  # digits


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFilter(ListFilter):
    section: str = ""  # place of the section; "0" is the whole draft
    state: str = ""
    reply: str = ""
    words: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        section = params.get("section", "")
        is_place = section.isdecimal() and section.isascii() and len(section) <= LONGEST_PLACE
        return cls(
            section=section if is_place else "",
            state=choice_in(params, "state", State.values),
            reply=choice_in(params, "reply", [NO_REPLY, *filter(None, Verdict.values)]),
            words=words_in(params),
            number=page_number(params),
        )

    def choice(self) -> CommentChoice:
        return CommentChoice(section=self.section, state=self.state, reply=self.reply, words=self.words)

    def boxes(self, consultation: Consultation) -> list[SelectBox]:
        sections = [("0", _("The whole draft"))]
        sections += [(str(row.place), row.heading) for row in consultation.sections.all()]
        replies = [(NO_REPLY, Verdict.NONE.label), *Verdict.choices[1:]]
        return [
            self.box("section", _("Section"), sections),
            self.box("state", pgettext("comment on a draft", "Status"), State.choices),
            self.box("reply", pgettext("comment on a draft", "Reply"), replies),
        ]


@require_safe
@requires(Can.USE_DESK)
def consultation_comments(request: SignedIn, key: UUID) -> HttpResponse:
    """The comments that this person sees, by section."""
    shown, filters = find_consultation(request, key), CommentFilter.read(request.GET)
    found = chosen_comments(comments_on(shown, request.user), filters.choice())
    page = page_of(found.count(), number=filters.number)
    today = local_day(timezone.now())
    context = {
        "consultation": shown,
        "lines": comment_lines(found[slice_of(page)], request.user, on=today),
        "asked": filters,
        "boxes": filters.boxes(shown),
        "may_comment": shown.is_open_on(today) and deeds.may_comment(shown, request.user),
        "files": page_query(filters),
        **pager(page, filters.query()),
    }
    return render(request, "desk/consultations/consultation_comments.html", context)


def page_query(filters: CommentFilter) -> str:
    """What the addresses of the files repeat."""
    params = QueryDict(mutable=True)
    params.update(filters.query())
    return f"?{params.urlencode()}" if params else ""


@heavy(FILE)
@require_safe
@requires(Can.EDIT_REPORTS)
def consultation_comments_export(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    """The comments that the filters select, as a spreadsheet or a Word file."""
    shown = find_consultation(request, key)
    if format not in FORMATS:
        raise Http404
    found = chosen_comments(comments_on(shown, request.user), CommentFilter.read(request.GET).choice())
    now = timezone.localtime()
    try:
        if format == "docx":
            file = docx_of_comments(shown, found, to=request.user, at=now)
        else:
            file = xlsx_of_comments(shown, found, to=request.user)
    except Refused as refusal:
        refuse(request, refusal, "consultation_comments_export")
        return redirect("desk:consultation_comments", key)
    return sent(request, shown, file, format)


def sent(request: SignedIn, shown: Consultation, file, format: str) -> FileResponse:
    if request.method == "GET":
        Event.record("consultation-downloaded", shown, by=request.user, difference={"format": ["", format]})
    return send_file(file, name_of_comments(format, on=timezone.localdate()))


@require_safe
@requires(Can.USE_DESK)
def consultation_comment(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    shown = find_comment(request, key, pk)
    (line,) = comment_lines([shown], request.user, on=local_day(timezone.now()))
    context = {"line": line, "consultation": shown.consultation}
    return render(request, "desk/consultations/consultation_comment.html", context)


@require_safe
@requires(Can.CONTRIBUTE)
def own_comments(request: SignedIn) -> HttpResponse:
    """Everything that this person sent on drafts, with the replies."""
    rows = ConsultationComment.objects.filter(author=request.user)
    rows = rows.select_related("consultation__report", "section", "author").prefetch_related("files")
    rows = rows.order_by("-sent_at", "-pk")
    page = page_of(rows.count(), number=page_number(request.GET))
    lines = comment_lines(rows[slice_of(page)], request.user, on=local_day(timezone.now()))
    return render(request, "desk/consultations/own_comments.html", {"lines": lines, **pager(page)})


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def comment_file(request: SignedIn, key: UUID) -> FileResponse:
    """Always a download, for those who read the comment."""
    row = get_object_or_404(CommentFile.objects.visible_to(request.user), key=key)
    return send_stored(row.file, name=row.name, mime=row.mime)


@body_limit(MEGABYTES, to=holders(Can.CONTRIBUTE))
@form_page
@requires(Can.CONTRIBUTE)
def add_consultation_comment(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    start = {"section": request.GET.get("section", "")[:LONGEST_PLACE]}
    about = {"consultation": shown, "person": request.user}
    form = CommentForm(request.POST or None, request.FILES or None, **about, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_consultation_comment"):
            key_of_form = form.cleaned_data["form_key"]
            made = deeds.add_consultation_comment(
                consultation=shown, values=form.values(), form_key=key_of_form, by=request.user
            )
            messages.success(request, _("Comment sent. It receives a reply, and you will be notified."))
            return redirect(made)
    return ask(request, form, shown, title=_("Comment on the draft"), button=_("Send"))


@body_limit(MEGABYTES, to=holders(Can.CONTRIBUTE))
@form_page
@requires(Can.CONTRIBUTE)
def edit_consultation_comment(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    own = find_own(request, key, pk)
    start = {"section": own.section.place if own.section else "", "text": own.text, "seen": own.version}
    form = EditCommentForm(request.POST or None, request.FILES or None, comment=own, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_consultation_comment", edits=own):
            seen = form.cleaned_data["seen"]
            deeds.edit_consultation_comment(comment=own, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(own)
    page = {"title": _("Edit your comment"), "button": _("Save"), "cancel_url": own.get_absolute_url()}
    return ask(request, form, own.consultation, **page)


@form_page
@requires(Can.CONTRIBUTE)
def withdraw_consultation_comment(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    """Withdraw one's own comment, after a confirmation."""
    own = find_own(request, key, pk)
    if request.method == "POST":
        attempt(request, deeds.withdraw_consultation_comment, _("Comment withdrawn."), comment=own)
        return redirect(own)
    return render(request, "desk/consultations/withdraw_consultation_comment.html", {"comment": own})


def find_own(request: SignedIn, key: UUID, pk: int) -> ConsultationComment:
    comment = find_comment(request, key, pk)
    if comment.author_id != request.user.pk:
        raise Http404
    return comment
