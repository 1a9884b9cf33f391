"""Consultations that open at a planned moment, institutions that are invited as a whole, files of comments."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Appointment, Instance, Notification
from servanda.reporting.consultations import attachments, commenting, letters, replying, services
from servanda.reporting.consultations.attachments import examined_files
from servanda.reporting.models import CommentFile, Consultation, ConsultationComment
from servanda.reporting.reports.services import write_section
from tests import consulting_make, make
from tests.once import built_once

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=30)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def contributor():
    return consulting_make.contributor()


def planned(by, *people, opens_at: datetime | None = None, **fields) -> Consultation:
    made = consulting_make.drafted(by, *people, **fields)
    services.open_consultation(consultation=made, by=by, opens_at=opens_at or timezone.now() + LATER)
    return fresh(made)


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_related("report").get(pk=consultation.pk)


def pass_by(consultation: Consultation) -> Consultation:
    """The planned moment comes."""
    Consultation.objects.filter(pk=consultation.pk).update(opened_at=timezone.now() - timedelta(minutes=1))
    return fresh(consultation)


@pytest.mark.parametrize("audience", ["invited", "public"])
def test_nobody_sees_a_planned_consultation_before_its_moment(client, coordinator, contributor, audience):
    made = planned(coordinator, contributor, audience=audience)
    today = timezone.localdate()
    assert made.state_on(today) == "planned"
    assert not made.is_open_on(today)
    for person in (contributor, make.user(Role.READER)):
        assert not Consultation.objects.visible_to(person).exists()
    assert not Consultation.objects.public().exists()
    assert not Notification.objects.filter(kind=Notification.Kind.CONSULTATION_OPENED).exists()
    assert client.get(reverse("portal:consultation", args=[made.key])).status_code == 404
    with pytest.raises(Refused):
        consulting_make.comment(made, contributor)
    made = pass_by(made)
    assert made.state_on(today) == "open"
    assert list(Consultation.objects.visible_to(contributor)) == [made]
    assert consulting_make.comment(made, contributor).pk


def test_people_are_told_once_when_the_moment_has_come(coordinator, contributor):
    made = planned(coordinator, contributor)
    assert letters.announce_consultations(now=timezone.now()) == 0
    pass_by(made)
    assert letters.announce_consultations(now=timezone.now()) == 1
    assert letters.announce_consultations(now=timezone.now()) == 0
    assert [row.person for row in Notification.objects.filter(kind="consultation-opened")] == [contributor]


def test_one_that_opens_now_is_announced_at_once_and_not_again(coordinator, contributor):
    consulting_make.opened(coordinator, contributor)
    assert letters.announce_consultations(now=timezone.now()) == 0
    assert Notification.objects.filter(kind="consultation-opened").count() == 1


def test_a_planned_opening_fixes_the_texts_and_can_be_cancelled(coordinator, contributor):
    report = consulting_make.cleared_report(coordinator)
    made = planned(coordinator, contributor, report=report)
    section = report.sections.get(key="method")
    write_section(section=section, text="Another text.", seen=section.version, by=coordinator)
    assert made.sections.get(section=section).text == "How we wrote it."
    with pytest.raises(Refused, match="Cancel the planned opening first"):
        services.withdraw_consultation(consultation=made, reason="No.", by=coordinator)
    services.cancel_opening(consultation=made, by=coordinator)
    made = fresh(made)
    assert (made.state_on(timezone.localdate()), made.sections.count()) == ("drafted", 0)
    with pytest.raises(Refused, match="already open"):
        services.cancel_opening(consultation=made, by=coordinator)


def test_a_moment_that_is_over_or_after_the_deadline_is_refused(coordinator, contributor):
    made = consulting_make.drafted(coordinator, contributor)
    for moment in (timezone.now() - LATER, timezone.now() + timedelta(days=400)):
        with pytest.raises(FieldRefused) as refused:
            services.open_consultation(consultation=made, by=coordinator, opens_at=moment)
        assert refused.value.field == "opens_at"
    assert fresh(made).opened_at is None


def test_the_page_plans_an_opening_in_the_zone_of_the_instance(client, coordinator, contributor):
    made = consulting_make.drafted(coordinator, contributor)
    instance = Instance.current()
    instance.time_zone = "Africa/Maputo"
    instance.save()
    client.force_login(coordinator)
    address = reverse("desk:open_consultation", args=[made.key])
    assert "Africa/Maputo" in client.get(address).content.decode()
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert client.post(address, {"opens_at": "2020-01-01T09:00"}).status_code == 422
    client.post(address, {"opens_at": f"{day}T09:30"})
    assert fresh(made).opened_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") == f"{day} 07:30"
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Opening planned" in page
    assert "9:30" in page
    client.post(reverse("desk:cancel_opening", args=[made.key]))
    assert "In preparation" in client.get(made.get_absolute_url()).content.decode()


def test_an_institution_is_invited_with_all_who_contribute_for_it_also_later(coordinator, contributor):
    place = make.institution("nhri")
    made = consulting_make.drafted(coordinator, institutions=[place])
    services.open_consultation(consultation=made, by=coordinator)
    assert [row.person for row in Notification.objects.filter(kind="consultation-opened")] == [contributor]
    later, outsider = consulting_make.contributor(), consulting_make.contributor("civil-society")
    for person, sees in ((contributor, True), (later, True), (outsider, False)):
        assert Consultation.objects.visible_to(person).exists() == sees
    assert consulting_make.comment(fresh(made), later).pk
    Appointment.objects.filter(person=later).update(end=date(2020, 1, 2), start=date(2020, 1, 1))
    assert not Consultation.objects.visible_to(type(later).objects.get(pk=later.pk)).exists()


def test_inviting_an_institution_later_writes_only_to_those_who_did_not_know(coordinator, contributor):
    made = consulting_make.opened(coordinator, contributor)
    colleague = consulting_make.contributor()
    mail.outbox.clear()
    place = make.institution("nhri")
    services.invite_to_consultation(consultation=made, people=[], institutions=[place], by=coordinator)
    rows = Notification.objects.filter(kind="consultation-opened").order_by("pk")
    assert [row.person for row in rows] == [contributor, colleague]
    with pytest.raises(FieldRefused, match="Choose at least one"):
        services.invite_to_consultation(consultation=made, people=[], institutions=[place], by=coordinator)


def picture(name: str = "map.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (9, 9)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def word_file(author: str = "Ana Author") -> SimpleUploadedFile:
    document, content = Document(), BytesIO()
    document.core_properties.author = author
    document.add_paragraph("Our analysis.")
    document.save(content)
    return SimpleUploadedFile("analysis.docx", content.getvalue())


def with_files(on: Consultation, by, *files) -> ConsultationComment:
    return consulting_make.comment(on, by, files=examined_files(files))


def test_files_lose_their_metadata_and_are_kept_once(coordinator, contributor):
    made = consulting_make.opened(coordinator, contributor)
    comment = with_files(made, contributor, word_file(), picture(), picture("again.png"))
    assert list(comment.files.values_list("name", flat=True)) == ["analysis.docx", "again.png"]
    with comment.files.first().file.open("rb") as file:
        assert Document(BytesIO(file.read())).core_properties.author != "Ana Author"
    values = commenting.CommentValues(
        text="Shorter.", language="en", files=examined_files([picture()]), removed=[comment.files.first()]
    )
    commenting.edit_consultation_comment(comment=comment, values=values, seen=comment.version, by=contributor)
    assert list(comment.files.kept().values_list("name", flat=True)) == ["again.png"]


def test_the_files_of_one_author_have_a_limit_that_removed_files_count_towards(coordinator, contributor, settings):
    settings.EVIDENCE_QUOTA_MB = 1
    made = consulting_make.opened(coordinator, contributor)
    comment = with_files(made, contributor, picture())
    comment.files.update(size=1_048_500, removed_at=timezone.now() - timedelta(days=29))
    with pytest.raises(FieldRefused, match="all files together") as refused:
        with_files(made, contributor, picture("more.png"))
    assert refused.value.field == "files"
    stored = Path(comment.files.get().file.path)
    attachments.erase_removed_files(on=timezone.now())
    assert stored.exists()
    attachments.erase_removed_files(on=timezone.now() + timedelta(days=2))
    assert not stored.exists()
    assert with_files(made, contributor, picture("more.png")).files.exists()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([SimpleUploadedFile("x.csv", b"a,b\n1,2\n")], "not a PDF, a Word file or a picture"),
        ([SimpleUploadedFile("x.pdf", b"MZ not a PDF")], "x.pdf"),
        ([picture(f"{number}.png") for number in range(4)], "at most 3 files"),
    ],
    ids=["kind", "content", "number"],
)
def test_other_files_are_refused_by_the_field(files, sentence):
    with pytest.raises(FieldRefused, match=sentence) as refused:
        examined_files(files)
    assert refused.value.field == "files"


def test_a_file_is_seen_exactly_as_its_comment(client, coordinator, contributor):
    made = consulting_make.opened(coordinator, contributor, consulting_make.contributor("civil-society"))
    other, outsider = made.invitations.last().person, consulting_make.contributor("academia")
    file = with_files(made, contributor, picture()).files.get()
    seen = {"own": contributor, "invited": other, "mechanism": coordinator, "outsider": outsider}

    def reads() -> set[str]:
        found = set()
        for name, person in seen.items():
            client.force_login(person)
            status = client.get(reverse("desk:comment_file", args=[file.key])).status_code
            assert (status == 200) == CommentFile.objects.visible_to(person).exists()
            found |= {name} if status == 200 else set()
        return found

    assert reads() == {"own", "invited", "mechanism"}
    client.logout()
    assert client.get(reverse("portal:public_comment_file", args=[file.key])).status_code == 404
    comment = file.comment
    withheld = {"ground": "advertising", "reason": "It is one.", "seen": comment.version}
    replying.withhold_consultation_comment(comment=comment, **withheld, by=coordinator)
    assert reads() == {"own", "mechanism"}
    file.removed_at = timezone.now()
    file.save()
    assert reads() == set()


@pytest.mark.database
def test_a_file_is_public_with_its_published_comment_only(client, coordinator, contributor):
    made = consulting_make.public(coordinator)
    comment = with_files(made, contributor, picture())
    file = comment.files.get()
    address = reverse("portal:public_comment_file", args=[file.key])
    assert client.get(address).status_code == 404
    assert (file.is_public, CommentFile.objects.public().exists()) == (False, False)
    replying.show_consultation_comment(comment=comment, by=coordinator)
    file = CommentFile.objects.select_related("comment__consultation").get()
    assert (file.is_public, list(CommentFile.objects.public())) == (True, [file])
    answer = client.get(address)
    assert answer["content-disposition"].startswith("attachment")
    page = client.get(reverse("portal:consultation_comments", args=[made.key])).content.decode()
    assert address in page


def test_the_form_attaches_and_removes_files(client, coordinator, contributor):
    made = consulting_make.opened(coordinator, contributor)
    client.force_login(contributor)
    address = reverse("desk:add_consultation_comment", args=[made.key])
    key = client.get(address).context["form"]["form_key"].value()
    sending = {"text": "See the map.", "language": "en", "form_key": key}
    refused = client.post(address, sending | {"files": [SimpleUploadedFile("x.csv", b"a,b\n")]})
    assert (refused.status_code, refused.context["form"].errors.keys()) == (422, {"files"})
    page = client.post(address, sending | {"files": [picture()]}, follow=True).content.decode()
    comment = ConsultationComment.objects.get()
    file = comment.files.get()
    assert reverse("desk:comment_file", args=[file.key]) in page
    edit = reverse("desk:edit_consultation_comment", args=[made.key, comment.pk])
    changed = {"text": "See below.", "language": "en", "seen": comment.version, "removed": [file.pk]}
    assert client.post(edit, changed).status_code == 302
    assert not comment.files.kept().exists()
