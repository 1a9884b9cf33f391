"""Names that a file prints and that are not recognised: grouped, counted, told once for all rows, kept."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.desk.imports.name_forms import NAMES_A_PAGE, UnknownNamesForm
from servanda.intake.models import Batch, SenderMapping
from servanda.people.access import Role
from servanda.recommendations import tasks
from servanda.recommendations.imports import findings, pipeline
from servanda.recommendations.imports.unknown_names import UnknownName, unknown_names
from servanda.recommendations.models import RecommendingState
from servanda.trail.models import Event
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body, Country, CountryAlias
from servanda.vocab.services.loading import load_vocabulary
from tests import make
from tests.house.answers import notices_of
from tests.importing_make import uhri, uhri_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client, vocabulary):
    return make.signed_in(client, Role.COORDINATOR)


def previewed(*records: dict) -> Batch:
    batch = pipeline.receive_file(file=ContentFile(uhri(*records)), name="export.json", by=None)
    pipeline.preview_batch(batch)
    return batch


def page(client, batch: Batch) -> str:
    return client.get(reverse("desk:show_import", args=[batch.key])).content.decode()


def use(client, batch: Batch, *, follow: bool = True, **codes: str):
    """Select codes for the names; keyword arguments have underscores in place of blanks."""
    form = UnknownNamesForm(batch=Batch.objects.get(pk=batch.pk))
    keys = {name.name: key for key, name in form.names.items()}
    fields = {keys[name.replace("_", " ")]: code for name, code in codes.items()}
    return client.post(reverse("desk:use_names", args=[batch.key]), fields, follow=follow)


def gondor_rows(count: int) -> list[dict]:
    return [uhri_record(number, Countries=["Land of Gondor"]) for number in range(1, count + 1)]


@pytest.mark.database
def test_the_page_counts_each_name_that_is_not_recognised(client, coordinator):
    records = gondor_rows(3)
    records += [uhri_record(number, Body="- Council of Elrond") for number in range(4, 6)]
    records += [uhri_record(6, UprRecommendingCountry=["Rohan", "Austria"]), uhri_record(7)]
    batch = previewed(*records)
    assert unknown_names(batch) == [
        UnknownName("Land of Gondor", is_body=False, rows=3),
        UnknownName("Rohan", is_body=False, rows=1),
        UnknownName("Council of Elrond", is_body=True, rows=2),
    ]
    shown = page(client, batch)
    assert "Names not recognised" in shown
    assert re.search(r"<bdi>Land of Gondor</bdi></label>\s*<div[^>]*>State, in 3 rows</div>", shown)
    assert re.search(r"<bdi>Council of Elrond</bdi></label>\s*<div[^>]*>Body, in 2 rows</div>", shown)
    assert "Use for all rows" in shown


def test_a_file_without_such_names_has_no_block(client, coordinator):
    shown = page(client, previewed(uhri_record()))
    assert "Names not recognised" not in shown
    assert "Refusals and remarks" not in shown


def test_a_name_is_told_once_and_the_file_is_checked_again(client, coordinator):
    batch = previewed(*gondor_rows(3), uhri_record(4, Body="- Council of Elrond"))
    assert findings.verdict_counts(batch)["refused"] == 4
    answer = use(client, batch, Land_of_Gondor="SVN", Council_of_Elrond="CRC")
    assert "2 names are used for all rows. The file is being checked again." in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWING
    tasks.preview_import.func(str(batch.key))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED
    assert [row.verdict for row in batch.rows.all()] == ["new"] * 4
    assert "Names not recognised" not in page(client, batch)
    assert CountryAlias.objects.get(name="Land of Gondor").country.code == "SVN"
    assert [event.action for event in Event.objects.filter(actor=coordinator).order_by("pk")][-2:] == [
        "spelling-added",
        "body-edited",
    ]


def test_a_recommending_state_that_was_left_out_comes_in(client, coordinator):
    batch = previewed(uhri_record(1, UprRecommendingCountry=["Rohan"]))
    use(client, batch, Rohan="AUT")
    batch.refresh_from_db()
    pipeline.preview_batch(batch)
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    assert RecommendingState.objects.get().country.code == "AUT"


def test_names_stay_known_after_a_new_version_of_the_vocabulary(client, coordinator):
    batch = previewed(*gondor_rows(1), uhri_record(2, Body="- Council of Elrond"))
    use(client, batch, Land_of_Gondor="SVN", Council_of_Elrond="CRC")
    load_vocabulary()
    lookup = Lookup()
    assert lookup.country_codes[lookup.country("the land of GONDOR")] == "SVN"
    assert lookup.body_codes[lookup.body("Council of Elrond")] == "CRC"
    assert lookup.body_codes[lookup.body("Committee on the Rights of the Child")] == "CRC"


def test_nothing_is_learned_where_nothing_is_selected(client, coordinator):
    batch = previewed(*gondor_rows(1))
    answer = use(client, batch)
    assert len(notices_of(answer)) == 1
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED


def test_a_state_that_does_not_exist_is_not_taken(client, coordinator):
    batch = previewed(*gondor_rows(1))
    answer = use(client, batch, Land_of_Gondor="GON")
    assert len(notices_of(answer)) == 1
    assert not CountryAlias.objects.filter(name="Land of Gondor").exists()


@pytest.mark.parametrize("state", ["previewing", "applying", "applied", "undone", "discarded", "failed"])
def test_names_are_assigned_only_while_the_import_is_being_checked(client, coordinator, state):
    batch = previewed(*gondor_rows(1))
    Batch.objects.filter(pk=batch.pk).update(state=state)
    answer = use(client, batch, Land_of_Gondor="SVN")
    assert len(notices_of(answer)) == 1
    assert not CountryAlias.objects.filter(name="Land of Gondor").exists()
    assert "Names not recognised" not in page(client, batch)


@pytest.mark.database
def test_a_file_that_is_checked_again_cannot_be_applied_meanwhile(client, coordinator):
    batch = previewed(*gondor_rows(1), uhri_record(2))
    use(client, batch, Land_of_Gondor="SVN")
    client.post(reverse("desk:apply_import", args=[batch.key]), {"accept_refused": "on"})
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWING


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.CONTRIBUTOR])
def test_who_may_not_import_assigns_no_names(client, vocabulary, role):
    batch = previewed(*gondor_rows(1))
    make.signed_in(client, role)
    answer = use(client, batch, follow=False, Land_of_Gondor="SVN")
    assert answer.status_code in {302, 403, 404}
    assert not CountryAlias.objects.filter(name="Land of Gondor").exists()


def test_what_has_no_letters_cannot_be_assigned_and_is_counted(client, coordinator):
    batch = previewed(uhri_record(1, Countries=["??"]), *gondor_rows(1))
    shown = page(client, batch)
    assert "<bdi>??</bdi>" not in shown
    assert "1 other name is not recognised." in shown


def test_many_names_are_shown_in_turn(client, coordinator):
    batch = previewed(*(uhri_record(number, Countries=[f"Isle {chr(65 + number)}x"]) for number in range(14)))
    assert page(client, batch).count('<select name="name-') == NAMES_A_PAGE
    assert f"{14 - NAMES_A_PAGE} other names are not recognised." in page(client, batch)


def test_the_page_groups_refusals_and_remarks_by_reason(client, coordinator):
    records = [*gondor_rows(7), uhri_record(8, Themes=["Right to second breakfast"])]
    shown = page(client, previewed(*records))
    assert "Refusals and remarks" in shown
    assert "7 rows, field “State concerned”: The State “Land of Gondor” is not known." in shown
    assert "(record 1, record 2, record 3, record 4, record 5, …)" in shown
    assert "1 row, field “label”: The label “Right to second breakfast” (uhri-theme) is not known;" in shown


def test_a_name_of_a_column_is_assigned_too(client, coordinator):
    mapping = SenderMapping.objects.create(sender="Ministry")
    for field, header in {"text": "Text", "country": "State", "body": "Body", "symbol": "Symbol"}.items():
        mapping.columns.create(field=field, header=header)
    rows = "Text;State;Body;Symbol\n" + "".join(f"Protect {n}.;Mordor;CRC;CRC/C/SVN/CO/3\n" for n in range(3))
    batch = pipeline.receive_file(file=ContentFile(rows.encode()), name="list.csv", by=None)
    pipeline.use_mapping(batch=batch, mapping=mapping)
    pipeline.preview_batch(batch)
    assert unknown_names(batch) == [UnknownName("Mordor", is_body=False, rows=3)]
    use(client, batch, Mordor="SVN")
    batch.refresh_from_db()
    pipeline.preview_batch(batch)
    assert findings.verdict_counts(batch)["new"] == 3
    assert Country.objects.filter(aliases__name="Mordor", code="SVN").exists()
    assert Body.objects.filter(code="CRC", is_own=False).exists()
