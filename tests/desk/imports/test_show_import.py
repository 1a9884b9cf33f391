"""The page of an import: it follows the check, leads back to the columns, and asks whether to publish."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.intake.models import Batch
from servanda.jobs.models import RunningWorker
from servanda.people.models import Instance
from servanda.recommendations import tasks
from servanda.recommendations.models import Recommendation
from tests import make
from tests.importing_make import bring, uhri, uhri_record
from tests.paths import SOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
UPR_INFO = (
    "rec_id,sur_iso3,text,smr_iso3,response,session,cycle\n"
    "u-1,SVN,Ratify the optional protocol.,BRA,Supported,8,1\n"
    "u-2,SVN,Build schools in every region.,CZE,Noted,8,1\n"
)
COLUMNS = ["external sheet", "country", "text", "recommending", "position", "session", "cycle"]


@pytest.fixture
def coordinator(client):
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en"})
    return make.signed_in(client, "coordinator")


def send(client, content: bytes, name: str, **fields) -> Batch:
    client.post(reverse("desk:receive_files"), {"files": SimpleUploadedFile(name, content), **fields})
    return Batch.objects.latest("pk")


def go(client, name: str, batch: Batch, **fields):
    return client.post(reverse(f"desk:{name}", args=[batch.key]), fields, follow=True)


def shown(client, batch: Batch):
    return html.fromstring(client.get(reverse("desk:show_import", args=[batch.key])).content)


def checked_sheet(client, content: str, columns=COLUMNS, **constants) -> Batch:
    batch = send(client, content.encode(), "upr-info.csv")
    choices = {f"column_{place}": field for place, field in enumerate(columns)}
    go(client, "map_columns", batch, sender="UPR Info", separator=";", **choices, **constants)
    page = html.fromstring(client.get(reverse("desk:map_values", args=[batch.key])).content)
    proposed = {select.name: select.value or "" for select in page.xpath("//main//select")}
    go(client, "map_values", batch, **proposed)
    tasks.preview_import.func(str(batch.key))
    return batch


def apply(client, batch: Batch, **fields) -> None:
    go(client, "apply_import", batch, **fields)
    tasks.apply_import.func(str(batch.key))


def button(tree, label: str):
    return tree.xpath(f'//main//button[normalize-space()="{label}"]')


@pytest.mark.parametrize("file", ["uhri_export.json", "uhri_export.xlsx"])
def test_a_sent_file_is_followed_until_it_is_checked(client, coordinator, file):
    batch = send(client, (SOURCES / file).read_bytes(), file)
    progress = reverse("desk:import_progress", args=[batch.key])
    tree = shown(client, batch)
    assert tree.xpath('//*[@id="progress"]/@hx-get') == [progress]
    assert "does not refresh automatically" in tree.xpath('string(//*[@id="progress"]//noscript)')
    assert tree.xpath('normalize-space(//*[@aria-current="step"])') == "Check"
    assert "HX-Refresh" not in client.get(progress).headers
    tasks.preview_import.func(str(batch.key))
    assert client.get(progress).headers["HX-Refresh"] == "true"
    assert not shown(client, batch).xpath('//*[@id="progress"]')


def test_a_file_waits_visibly_where_no_worker_runs(client, coordinator):
    batch = Batch.objects.create(name="list.csv", sha256="1", state=Batch.State.APPLYING, created_by=coordinator)
    assert "The worker of this system is not running" in shown(client, batch).text_content()
    now = timezone.now()
    worker = RunningWorker.objects.create(worker_id="w", started_at=now, seen_at=now)
    assert "Processing continues" in shown(client, batch).text_content()
    RunningWorker.objects.filter(pk=worker.pk).update(seen_at=now - 2 * RunningWorker.SILENCE)
    assert "The worker of this system is not running" in shown(client, batch).text_content()


def test_an_import_that_adds_nothing_states_what_it_changed(client, coordinator):
    batch = Batch.objects.create(name="list.csv", sha256="1", state=Batch.State.APPLIED, created_by=coordinator)
    assert "No records were added." in shown(client, batch).text_content()
    batch.rows.create(number=1, verdict="changed")
    page = shown(client, batch).text_content()
    assert "1 record was changed." in page
    assert "No records were added." not in page


def test_an_import_without_a_preview_states_what_it_changed(client, coordinator):
    bring(uhri(uhri_record()), "first.json")
    again = bring(uhri(uhri_record(Themes=["Right to health"])), "second.json")
    assert not again.rows.exists()
    page = shown(client, again).text_content()
    assert "1 record was changed." in page
    assert "No records were added." not in page


def test_files_of_a_known_format_have_no_step_for_columns(client, coordinator):
    batch = send(client, uhri(uhri_record()), "export.json")
    assert [step.text.strip() for step in shown(client, batch).xpath('//ol[@class="steps"]/li')] == [
        "Send",
        "Check",
        "Apply",
    ]


def test_rows_of_upr_info_with_cycle_and_session_need_no_body(client, coordinator):
    batch = checked_sheet(client, UPR_INFO)
    assert list(batch.rows.values_list("verdict", "reason")) == [("new", ""), ("new", "")]


def test_a_file_of_refused_rows_only_leads_back_to_its_columns(client, coordinator):
    batch = checked_sheet(client, "Id,Text\n1,Build schools.\n2,Train judges.\n", ["external sheet", "text"])
    tree = shown(client, batch)
    assert {row.verdict for row in batch.rows.all()} == {"refused"}
    assert not button(tree, "Apply")
    assert "Ready to apply" not in tree.text_content()
    assert "All rows refused" in tree.xpath("string(//main)")
    columns = reverse("desk:map_columns", args=[batch.key])
    assert len(tree.xpath(f'//main//section//a[@href="{columns}"]')) == 2  # beside the result, and with the reasons
    assert "All rows refused" in client.get(reverse("desk:imports")).content.decode()
    answer = go(client, "apply_import", batch, accept_refused="on")
    assert "All rows are refused" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED


def test_nothing_is_published_unless_a_person_chooses_it(client, coordinator):
    form = html.fromstring(client.get(reverse("desk:imports")).content)
    assert form.xpath('//input[@name="publish"]')
    assert not form.xpath('//input[@name="publish"]/@checked')
    batch = checked_sheet(client, UPR_INFO)
    tree = shown(client, batch)
    assert "2 new records become public" in " ".join(tree.xpath("string(//main)").split())
    assert not tree.xpath('//input[@name="publish"]/@checked')
    apply(client, batch)
    assert (Recommendation.objects.count(), Recommendation.objects.public().count()) == (2, 0)


def test_the_choice_to_publish_is_kept_for_the_next_file_of_the_sender(client, coordinator):
    apply(client, checked_sheet(client, UPR_INFO), publish="on")
    assert Recommendation.objects.public().count() == 2
    following = checked_sheet(client, UPR_INFO.replace("u-", "v-").replace("a", "e"))
    assert shown(client, following).xpath('//input[@name="publish"]/@checked')
    other = send(client, uhri(uhri_record()), "export.json")
    tasks.preview_import.func(str(other.key))
    tree = shown(client, other)
    assert tree.xpath('//input[@name="publish"]')
    assert not tree.xpath('//input[@name="publish"]/@checked')


def test_a_row_confirmed_as_a_new_recommendation_is_counted_among_those_that_become_public(client, coordinator):
    batch = checked_sheet(client, UPR_INFO)
    batch.rows.filter(number=1).update(verdict="proposed", decision="new")
    batch.rows.filter(number=2).update(verdict="proposed", decision="same")
    assert "1 new record becomes public" in " ".join(shown(client, batch).xpath("string(//main)").split())


def test_an_applied_import_names_what_was_added_when_and_by_whom(client, coordinator):
    batch = checked_sheet(client, UPR_INFO)
    apply(client, batch)
    page = " ".join(shown(client, batch).text_content().split())
    assert "2 records were added. Applied on" in page
    assert f"sent by {coordinator}" in page
