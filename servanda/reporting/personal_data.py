"""Personal data in reports: exported for the person; after erasure it stays, without the name."""

from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User
from servanda.reporting.models import Quotation, Report, ReportSection, ReportSnapshot, SectionVersion


def reports(person: User) -> list[dict]:
    return list(Report.objects.filter(created_by=person).order_by("pk").values("title", "created_at"))


def sections(person: User) -> list[dict]:
    rows = ReportSection.objects.filter(changed_by=person).order_by("pk")
    return list(rows.values("report__title", "heading", "changed_at"))


def versions_of_sections(person: User) -> list[dict]:
    rows = SectionVersion.objects.filter(by=person).order_by("pk")
    return list(rows.values("section__heading", "number", "at", "text"))


def quotations(person: User) -> list[dict]:
    return list(Quotation.objects.filter(added_by=person).order_by("pk").values("citation", "added_at"))


def submissions(person: User) -> list[dict]:
    return list(ReportSnapshot.objects.filter(by=person).order_by("pk").values("title", "submitted_on", "at"))


def keep_reports(_person: User, _names: list[str]) -> None:
    """Kept. Reports belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("reports", export=reports, erase=keep_reports)
keeps_personal_data("sections of reports", export=sections, erase=keep_reports)
keeps_personal_data("versions of sections", export=versions_of_sections, erase=keep_reports)
keeps_personal_data("quotations", export=quotations, erase=keep_reports)
keeps_personal_data("submitted reports", export=submissions, erase=keep_reports)
