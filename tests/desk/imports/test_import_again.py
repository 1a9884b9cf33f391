"""An import whose pages are open twice, or are returned to with the back button of the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from servanda.desk.imports.mapping_forms import OTHERS_SHOWN
from servanda.intake.models import Batch
from servanda.people.models import Instance, User
from servanda.recommendations import tasks
from servanda.recommendations.models import Recommendation
from tests import make
from tests.house.answers import notices_of
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
ROWS = "Code;Text;Note\nR1;Build schools in every region.;Hire more judges.\n"
CHOICES = {"sender": "Ministry", "column_0": "external sheet", "column_1": "text en", "column_2": ""}
BODY = {"constant_country": "SVN", "constant_body": "CRC", "separator": ";"}


@built_once
def coordinator(loaded_once) -> User:
    return make.user("coordinator")


@built_once
def file(coordinator) -> Batch:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    client = Client()
    client.force_login(coordinator)
    return sent(client)


@pytest.fixture
def batch(client, coordinator, file) -> Batch:
    client.force_login(coordinator)
    return file


def sent(client, content: str = ROWS) -> Batch:
    file = SimpleUploadedFile("list.csv", content.encode("utf-8-sig"))
    client.post(reverse("desk:receive_files"), {"files": file, "publish": "on"})
    return Batch.objects.latest("pk")


def choose(client, batch: Batch, **changes):
    return client.post(reverse("desk:map_columns", args=[batch.key]), CHOICES | BODY | changes, follow=True)


def go(client, name: str, batch: Batch, **fields):
    return client.post(reverse(f"desk:{name}", args=[batch.key]), fields, follow=True)


def checked(client, batch: Batch, **changes) -> Batch:
    choose(client, batch, **changes)
    go(client, "map_values", batch)
    tasks.preview_import.func(str(batch.key))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED
    return batch


def applied(client, batch: Batch) -> Batch:
    checked(client, batch)
    go(client, "apply_import", batch, publish="on")
    tasks.apply_import.func(str(batch.key))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED
    return batch


def test_the_pages_of_an_applied_import_change_nothing_of_it(client, batch):
    applied(client, batch)
    for page in ("map_columns", "map_values", "choose_sheet"):
        answer = go(client, page, batch, sheet="", **CHOICES, **BODY)
        tasks.preview_import.func(str(batch.key))
        batch.refresh_from_db()
        assert batch.state == Batch.State.APPLIED, page
        assert Recommendation.objects.public().count() == 1
        assert answer.redirect_chain[-1][0] == reverse("desk:show_import", args=[batch.key])
        assert "The columns of this import can no longer be changed." in answer.content.decode()


def test_a_check_that_comes_late_does_not_stop_an_import_that_is_being_applied(client, batch):
    checked(client, batch)
    go(client, "apply_import", batch)
    tasks.preview_import.func(str(batch.key))
    tasks.apply_import.func(str(batch.key))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED


@pytest.mark.parametrize("press", ["map_values", "preview_again", "assume_country"])
def test_nothing_can_be_applied_between_the_order_to_check_and_the_check(client, batch, press):
    checked(client, batch)
    go(client, press, batch)
    go(client, "apply_import", batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWING


def test_columns_that_were_chosen_anew_are_checked_before_they_are_applied(client, batch):
    checked(client, batch)
    choose(client, batch, column_1="", column_2="text en")
    go(client, "apply_import", batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.UPLOADED


def test_columns_that_are_changed_for_one_file_of_a_sender_send_its_other_file_back(client, batch):
    checked(client, batch)
    other = sent(client, ROWS.replace("R1", "R2"))
    choose(client, other, column_1="", column_2="text en")
    batch.refresh_from_db()
    assert batch.state == Batch.State.UPLOADED
    page = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert batch.message
    assert "“Ministry”" in batch.message
    assert batch.message in page
    go(client, "apply_import", batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.UPLOADED


def test_the_same_columns_for_another_file_of_a_sender_leave_its_first_file_as_it_is(client, batch):
    checked(client, batch)
    choose(client, sent(client, ROWS.replace("R1", "R2")))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED


def test_the_columns_of_a_sender_are_not_changed_while_a_file_of_it_is_applied(client, batch):
    checked(client, batch)
    go(client, "apply_import", batch)
    answer = choose(client, sent(client), column_1="", column_2="text en")
    assert [("“list.csv”" in notice, "Being applied" in notice) for notice in notices_of(answer)] == [(True, True)]
    assert batch.mapping.columns.get(field="text en").header == "Text"


def test_apply_pressed_twice_applies_once(client, batch):
    checked(client, batch)
    go(client, "apply_import", batch)
    answer = go(client, "apply_import", batch)
    assert ["Being applied" in notice for notice in notices_of(answer)] == [True]
    tasks.apply_import.func(str(batch.key))
    tasks.apply_import.func(str(batch.key))
    assert Recommendation.objects.count() == 1


def test_choices_made_on_a_page_that_showed_other_columns_are_not_saved(client, batch):
    shown = client.get(reverse("desk:map_columns", args=[batch.key])).context["form"]["columns_shown"].value()
    answer = choose(client, sent(client, "Text;Code;Note\nBuild.;R1;x\n"), columns_shown=shown)
    assert answer.context["form"].non_field_errors() == [str(OTHERS_SHOWN)]
    assert str(OTHERS_SHOWN) in answer.content.decode()


def test_a_sender_written_otherwise_is_the_same_sender(client, batch):
    choose(client, batch)
    batch.refresh_from_db()
    for name in ("ministry", "Ministry ", " Ministry", "Mini\u200fstry", "MINISTRY\u00a0", "\u202eMinistry"):
        other = sent(client)
        choose(client, other, sender=name)
        other.refresh_from_db()
        assert other.mapping == batch.mapping, name


@pytest.mark.parametrize("name", ["وزارة العدل «القسم» \"1\" 'أ'", "M" * 120, "<script>alert(1)</script>"])
def test_a_sender_may_have_any_name(client, batch, name):
    checked(client, batch, sender=name)
    assert batch.mapping.sender == name
    page = client.get(reverse("desk:map_columns", args=[batch.key])).content.decode()
    assert "<script>alert" not in page


def test_a_sender_needs_a_name_that_can_be_read(client, batch):
    for name in ("", "   ", "\u200f\u202e", "M" * 121, "Mini\x00stry"):
        choose(client, batch, sender=name)
        batch.refresh_from_db()
        assert batch.mapping is None, name


def test_what_was_chosen_for_a_sender_is_offered_again(client, batch):
    choose(client, batch, separator="|", encoding="utf-8")
    form = client.get(reverse("desk:map_columns", args=[batch.key])).context["form"]
    assert (form["separator"].value(), form["encoding"].value()) == ("|", "utf-8")
    form = client.get(reverse("desk:map_columns", args=[sent(client).key])).context["form"]
    assert (form["separator"].value(), form["encoding"].value()) == ("|", "")


def test_a_row_that_names_an_unknown_State_does_not_count_as_one_that_names_none(client, batch):
    content = "Code;Text;State\nR1;Build schools.;Freedonia\nR2;Train judges.;\n"
    other = checked(client, sent(client, content), column_2="country", constant_country="")
    assert [row.is_without_state for row in other.rows.all()] == [False, True]
    go(client, "assume_country", other)
    tasks.preview_import.func(str(other.key))
    assert [row.verdict for row in other.rows.all()] == ["refused", "new"]


def test_the_page_of_an_import_asks_as_much_of_the_database_for_many_rows_as_for_one(
    client, batch, django_assert_max_num_queries
):
    rows = "".join(f"R{n};Train {n} judges in district {n}.;Freedonia {n % 40}\n" for n in range(120))
    other = checked(client, sent(client, f"Code;Text;State\n{rows}"), column_2="country", constant_country="")
    assert other.rows.count() == 120
    with django_assert_max_num_queries(20):
        client.get(reverse("desk:show_import", args=[other.key]))
    with django_assert_max_num_queries(20):
        client.get(reverse("desk:map_columns", args=[other.key]))


@pytest.mark.parametrize("role", ["focal-point", "contributor", "reader"])
def test_those_who_may_not_import_reach_no_page_of_it(client, batch, role):
    checked(client, batch)
    client.force_login(make.user(role, email=f"{role}@example.org"))
    for page in ("map_columns", "map_values", "choose_sheet", "preview_again", "use_names"):
        assert go(client, page, batch, **CHOICES, **BODY).status_code in {403, 404}, page
        batch.refresh_from_db()
        assert batch.state == Batch.State.PREVIEWED, page


def test_what_the_page_does_not_offer_is_refused(client, batch):
    unknown, too_long = {"column_0": "no such field"}, {"constant_body": "x" * 1_000_000}
    for forged in (unknown, too_long, {"constant_body": "C\x00RC"}, {"encoding": "rot13"}):
        answer = choose(client, batch, **forged)
        assert answer.status_code == 422, forged.keys()
        batch.refresh_from_db()
        assert batch.mapping is None


def test_a_sheet_that_the_file_does_not_have_is_not_chosen(client, batch):
    for sheet in ("../x", "\x00", "x" * 10_000):
        go(client, "choose_sheet", batch, sheet=sheet)
        batch.refresh_from_db()
        assert batch.sheet == ""


def test_an_undone_import_with_refused_rows_can_be_applied_again_from_its_page(client, batch):
    batch = checked(client, sent(client, ROWS + "R2;;no text\n"))
    for _time in range(2):
        page = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
        assert 'name="accept_refused"' in page
        go(client, "apply_import", batch, accept_refused="on")
        tasks.apply_import.func(str(batch.key))
        batch.refresh_from_db()
        assert (batch.state, Recommendation.objects.count()) == (Batch.State.APPLIED, 1)
        go(client, "undo_import", batch)
        batch.refresh_from_db()
        assert (batch.state, Recommendation.objects.count()) == (Batch.State.UNDONE, 0)
