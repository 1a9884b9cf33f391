"""Files of an obligation: of the same scope as the obligation, never public, withdrawn with a reason."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.progress.evidence.cleanup import sweep_folder
from servanda.progress.evidence.obligation_files import FOLDER, withdraw_obligation_file
from servanda.sources.models import ObligationFile
from servanda.sources.units.obligations import is_edited
from servanda.trail.models import Event
from tests import make, obligation_make, progress_make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def seen(person) -> list[str]:
    return [row.name for row in ObligationFile.objects.visible_to(person)]


def test_files_have_the_scope_of_the_obligation_and_none_is_public(coordinator, client):
    owner, beside = make.institution("moj"), make.institution("moh")
    public = obligation_make.obligation("Report")
    secret = obligation_make.obligation("Reply", confidentiality="restricted", owner=owner)
    for due, name in ((public, "report.csv"), (secret, "reply.csv")):
        obligation_make.file(due, coordinator, name)
    for person, names in (
        (coordinator, ["report.csv", "reply.csv"]),
        (make.user(Role.FOCAL_POINT, owner), ["report.csv", "reply.csv"]),
        (make.user(Role.FOCAL_POINT, beside), ["report.csv"]),
        (make.user(Role.CONTRIBUTOR), []),
        (make.user(Role.PUBLIC), []),
    ):
        assert seen(person) == names
    limited = make.user(Role.PUBLIC)
    make.appointment(limited, beside, "reader", bodies="SPT")
    assert seen(limited) == []
    for url in (reverse("portal:calendar"), reverse("portal:calendar_file")):
        assert b"report.csv" not in client.get(url).content
    key = ObligationFile.objects.first().key
    assert client.get(reverse("desk:obligation_file", args=[key])).status_code == 302  # to the log-in


def test_a_coordinator_adds_a_file_and_each_download_is_a_line_of_the_trail(coordinator, client):
    client.force_login(coordinator)
    due = obligation_make.obligation("Report")
    typed = {"kind": "annex", "file": progress_make.file(name="annex.csv")}
    page = client.post(reverse("desk:add_obligation_file", args=[due.code]), typed, follow=True).content.decode()
    row = ObligationFile.objects.get()
    assert ("annex.csv" in page, "Annex" in page, str(row.file.name).startswith("obligations/")) == (True,) * 3
    answer = client.get(reverse("desk:obligation_file", args=[row.key]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"Year")
    assert Event.objects.filter(action="obligation-file-read").count() == 1
    history = client.get(due.get_absolute_url()).content.decode().partition('id="history-title"')[2]
    assert ("added a file to the obligation" in history, "Annex" in history) == (True, True)


def test_a_withdrawn_file_is_kept_and_nobody_downloads_it(coordinator, client):
    client.force_login(coordinator)
    row = obligation_make.file(obligation_make.obligation(), coordinator)
    url = reverse("desk:withdraw_obligation_file", args=[row.key])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Wrong file."})
    row.refresh_from_db()
    assert (row.withdrawn_reason, default_storage.exists(row.file.name)) == ("Wrong file.", True)
    assert client.get(reverse("desk:obligation_file", args=[row.key])).status_code == 404
    with pytest.raises(Refused, match="already been done"):
        withdraw_obligation_file(file=row, reason="Again.", by=coordinator)


def test_what_is_no_document_or_follows_a_communication_takes_no_file(coordinator):
    with pytest.raises(Refused, match="follows a communication"):
        obligation_make.file(made.proceeding(coordinator).obligation, coordinator)
    due = obligation_make.obligation()
    with pytest.raises(FieldRefused):
        obligation_make.file(due, coordinator, kind="letter")
    with pytest.raises(Refused):
        obligation_make.file(due, coordinator, "note.exe")
    with pytest.raises(Refused, match="do not have permission"):
        obligation_make.file(due, make.user(Role.FOCAL_POINT))
    assert not ObligationFile.objects.exists()


def test_an_import_that_added_it_is_not_undone_any_more(coordinator):
    due = obligation_make.obligation()
    due.save()
    before = is_edited(due)
    obligation_make.file(due, coordinator)
    assert (before, is_edited(due)) == (False, True)


def test_a_file_without_a_row_is_swept_and_others_stay(coordinator):
    row = obligation_make.file(obligation_make.obligation(), coordinator)
    later = timezone.now() + timedelta(days=2)
    name = str(row.file.name)
    sweep_folder(FOLDER, ObligationFile.objects.all(), on=later)
    assert default_storage.exists(name)
    row.delete()
    assert sweep_folder(FOLDER, ObligationFile.objects.all(), on=later) == 1
    assert not default_storage.exists(name)
