"""Personal data in reports: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q

from servanda.people.accounts.personal_data import keeps_personal_data, own_names_of, shown_where_seen
from servanda.people.models import User
from servanda.reporting.models import (
    AcceptedGap,
    Consultation,
    ConsultationComment,
    ConsultationInvitation,
    Quotation,
    Report,
    ReportDownload,
    ReportSection,
    ReportSnapshot,
    ReportTranslation,
    ReturnedNote,
    ReturnedTable,
    SectionAssignment,
    SectionNote,
    SectionTranslation,
    SectionVersion,
    SentCopy,
    TranslationVersion,
    UnansweredQuestion,
    WordReturn,
    WordTemplate,
)


def seen_through(path: str, person: User) -> Q:
    """The condition for rows of reports that the person still sees."""
    return Q(**{f"{path}__in": Report.objects.visible_to(person).order_by().values("pk")})


def reports(person: User) -> list[dict]:
    rows = Report.objects.filter(created_by=person).order_by("pk")
    return shown_where_seen(rows, ["created_at"], ["title"], seen=seen_through("pk", person))


def sections(person: User) -> list[dict]:
    rows = ReportSection.objects.filter(changed_by=person).order_by("pk")
    return shown_where_seen(rows, ["changed_at"], ["report__title", "heading"], seen=seen_through("report", person))


def versions_of_sections(person: User) -> list[dict]:
    """A version has the text of the whole section, also what others wrote in it."""
    rows = SectionVersion.objects.filter(by=person).order_by("pk")
    seen = seen_through("section__report", person)
    return shown_where_seen(rows, ["number", "at"], ["section__heading", "text"], seen=seen)


def quotations(person: User) -> list[dict]:
    rows = Quotation.objects.filter(added_by=person).order_by("pk")
    return shown_where_seen(rows, ["added_at"], ["citation"], seen=seen_through("section__report", person))


def notes(person: User) -> list[dict]:
    """Those that the person wrote, and tasks that others gave them."""
    rows = SectionNote.objects.filter(Q(by=person) | Q(owner=person)).order_by("pk")
    seen = Q(by=person) | seen_through("section__report", person)
    texts = ["section__heading", "text", "passage", "replacement", "outcome"]
    return shown_where_seen(rows, ["kind", "due_on", "at"], texts, seen=seen)


def assignments(person: User) -> list[dict]:
    rows = SectionAssignment.objects.filter(by=person).order_by("pk")
    return shown_where_seen(
        rows, ["due_on", "at"], ["section__heading"], seen=seen_through("section__report", person)
    )


def unanswered_questions(person: User) -> list[dict]:
    rows = UnansweredQuestion.objects.filter(by=person).order_by("pk")
    return shown_where_seen(
        rows, ["reason", "at"], ["section__heading"], seen=seen_through("section__report", person)
    )


def accepted_gaps(person: User) -> list[dict]:
    rows = AcceptedGap.objects.filter(by=person).order_by("pk")
    return shown_where_seen(
        rows, ["reason", "at"], ["section__heading"], seen=seen_through("section__report", person)
    )


def assigned_translations(person: User) -> list[dict]:
    rows = ReportTranslation.objects.filter(translator=person).order_by("pk")
    return shown_where_seen(rows, ["language", "due_on"], ["report__title"], seen=seen_through("report", person))


def translated_sections(person: User) -> list[dict]:
    rows = SectionTranslation.objects.filter(Q(changed_by=person) | Q(reviewed_by=person)).order_by("pk")
    facts, seen = ["into__language", "changed_at", "reviewed_at"], seen_through("section__report", person)
    return shown_where_seen(rows, facts, ["section__heading"], seen=seen)


def versions_of_translations(person: User) -> list[dict]:
    rows = TranslationVersion.objects.filter(by=person).order_by("pk")
    seen = seen_through("translation__section__report", person)
    texts = ["translation__section__heading", "segments"]
    return shown_where_seen(rows, ["translation__into__language", "number", "at"], texts, seen=seen)


def submissions(person: User) -> list[dict]:
    rows = ReportSnapshot.objects.filter(by=person).order_by("pk")
    return shown_where_seen(rows, ["submitted_on", "at"], ["title"], seen=seen_through("report", person))


def asked_downloads(person: User) -> list[dict]:
    rows = ReportDownload.objects.filter(by=person).order_by("pk")
    return shown_where_seen(rows, ["format", "at"], ["report__title"], seen=seen_through("report", person))


def forget_downloads(person: User, _names: list[str]) -> None:
    """Delete the files that were made for the person."""
    for download in ReportDownload.objects.filter(by=person):
        download.file.delete(save=False)
        download.delete()


def copies_for_word(person: User) -> list[dict]:
    rows = SentCopy.objects.filter(by=person).order_by("pk")
    return shown_where_seen(rows, ["at"], ["report__title"], seen=seen_through("report", person))


def returned_files(person: User) -> list[dict]:
    rows = WordReturn.objects.filter(by=person).order_by("pk")
    tables = ReturnedTable.objects.filter(by=person).order_by("pk")
    return [
        *shown_where_seen(rows, ["at"], ["report__title", "name"], seen=seen_through("report", person)),
        *shown_where_seen(tables, ["at"], ["into__report__title", "name"], seen=seen_through("into__report", person)),
    ]


def word_templates(person: User) -> list[dict]:
    return list(WordTemplate.objects.filter(added_by=person).order_by("pk").values("name", "added_at"))


def notes_in_returned_files(person: User) -> list[dict]:
    """Word stores the names of the authors of comments and changes. As people choose their name, only notes of
    reports that the person sees."""
    same_name = ReturnedNote.objects.filter(author__iexact=person.name or person.email)
    rows = same_name.filter(seen_through("word_return__report", person)).order_by("pk")
    return list(rows.values("word_return__name", "kind", "day", "text"))


def forget_authors(person: User, _names: list[str]) -> None:
    """Comments and changes stay, without the name of their author."""
    for name in own_names_of(person):
        ReturnedNote.objects.filter(author__iexact=name).update(author="")


def consultations(person: User) -> list[dict]:
    return list(Consultation.objects.filter(created_by=person).order_by("pk").values("title", "created_at"))


def invitations(person: User) -> list[dict]:
    rows = ConsultationInvitation.objects.filter(Q(person=person) | Q(by=person)).order_by("pk")
    return list(rows.values("consultation__title", "at"))


def comments_on_drafts(person: User) -> list[dict]:
    rows = ConsultationComment.objects.filter(Q(author=person) | Q(replied_by=person)).order_by("pk")
    visible = ConsultationComment.objects.visible_to(person).order_by()
    seen = Q(author=person) | Q(pk__in=visible.values("pk"))
    facts = ["consultation__title", "sent_at", "verdict", "replied_at"]
    return shown_where_seen(rows, facts, ["text", "reply"], seen=seen)


def keep_reports(_person: User, _names: list[str]) -> None:
    """Kept. Reports belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("reports", export=reports, erase=keep_reports)
keeps_personal_data("sections of reports", export=sections, erase=keep_reports)
keeps_personal_data("versions of sections", export=versions_of_sections, erase=keep_reports)
keeps_personal_data("quotations", export=quotations, erase=keep_reports)
keeps_personal_data("comments on sections", export=notes, erase=keep_reports)
keeps_personal_data("assignments of sections", export=assignments, erase=keep_reports)
keeps_personal_data("questions without an answer", export=unanswered_questions, erase=keep_reports)
keeps_personal_data("gaps in reports", export=accepted_gaps, erase=keep_reports)
keeps_personal_data("translations of reports", export=assigned_translations, erase=keep_reports)
keeps_personal_data("translated sections", export=translated_sections, erase=keep_reports)
keeps_personal_data("versions of translations", export=versions_of_translations, erase=keep_reports)
keeps_personal_data("submitted reports", export=submissions, erase=keep_reports)
keeps_personal_data("copies for Word", export=copies_for_word, erase=keep_reports)
keeps_personal_data("returned Word files", export=returned_files, erase=keep_reports)
keeps_personal_data("Word templates", export=word_templates, erase=keep_reports)
keeps_personal_data("notes in returned Word files", export=notes_in_returned_files, erase=forget_authors)
keeps_personal_data("downloads of reports", export=asked_downloads, erase=forget_downloads)
keeps_personal_data("consultations", export=consultations, erase=keep_reports)
keeps_personal_data("invitations to consultations", export=invitations, erase=keep_reports)
keeps_personal_data("comments on drafts", export=comments_on_drafts, erase=keep_reports)
