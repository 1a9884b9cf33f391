import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import merging, structure
from servanda.recommendations.models import Position, Recommendation, SourceRecord, Tagging, TextVersion
from servanda.vocab.models import Term
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def page(client, record: Recommendation, status: int = 200) -> str:
    answer = client.get(reverse("desk:record", args=[record.code]))
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_says_where_each_part_comes_from(client, coordinator):
    record = make.recommendation("Ratify the Convention.", paragraph="140.10")
    TextVersion.objects.create(
        recommendation=record, language="fr", text="Ratifier la Convention.", is_machine=True, source="uhri"
    )
    Tagging.objects.create(recommendation=record, term=make.term("Education"), scheme="uhri")
    Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="machine", confidence=0.83)
    Tagging.objects.create(recommendation=record, term=make.term("Housing"), origin="person", said_by=coordinator)
    Tagging.objects.create(recommendation=record, term=make.term("Reservations", is_artefact=True), scheme="uhri")
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id="abc-1", digest="1", where="record 7", raw='{"a": 1}'
    )
    shown = page(client, record)
    for words in (
        "Ratify the Convention.",
        "machine translation",
        "Universal Human Rights Index",
        "83% probability",
        f"set by {coordinator}",
        "artefact of the source",
        "abc-1",
        "record 7",
        "{&quot;a&quot;: 1}",
        '<bdi dir="ltr" class="code">A/HRC/59/15</bdi>',
        f"http://testserver/recommendations/{record.code}/",
    ):
        assert words in shown


def test_the_record_follows_the_order_of_the_task_and_leads_to_its_follow_up(client, coordinator):
    record = make.recommendation("Ratify the Convention.", stand="supported")
    Position.objects.create(recommendation=record, stand="supported")
    make.assignment(record, make.institution("health", name="Health"), due_on=date(2027, 3, 1))
    shown = page(client, record)
    places = [shown.index(f'id="{name}-title"') for name in ("texts", "positions", "follow-up", "labels")]
    assert places == sorted(places)
    section = shown.partition('id="follow-up-title"')[2].partition("</section>")[0]
    assert all(words in section for words in ("Health", "1 March 2027", "No updates yet."))
    tab, target = reverse("desk:record_follow_up", args=[record.code]), client.get
    followed = target(tab).content.decode()
    for part in re.findall(rf'href="{tab}#([\w-]+)"', section):
        assert f'id="{part}"' in followed


def test_before_the_first_content_are_four_buttons_and_links_to_share_are_in_a_menu(client, coordinator):
    main = html.fromstring(page(client, make.recommendation(stand="supported"))).xpath("//main")[0]
    deeds = main.xpath('.//*[contains(@class, "record-deeds")]/*[self::a or self::form or self::details]')
    assert [" ".join(deed.text_content().split()).split(" Add")[0] for deed in deeds] == ["Edit", "Unpublish", "More"]
    menu = main.xpath('.//details[contains(@class, "record-share")]')[0]
    assert {"#cite"} < set(menu.xpath(".//a/@href"))
    assert len(main.xpath('.//div[@class="record-head"]//*[contains(@class, "btn")]')) == 1


def test_the_form_for_a_position_is_offered_only_where_states_take_positions(client):
    make.signed_in(client, Role.COORDINATOR)
    record = make.recommendation(body=make.committee(), review=None, document=None)
    page = client.get(reverse("desk:add_position", args=[record.code]), follow=True)
    assert page.redirect_chain == [(reverse("desk:record", args=[record.code]), 302)]
    shown = page.content.decode()
    assert "States take no position on recommendations of" in shown
    assert "Noted" not in shown


def test_positions_show_the_words_of_the_document_and_drafts_are_marked(client, coordinator):
    record = make.recommendation(stand="noted")
    Position.objects.create(
        recommendation=record, stand="noted", words="takes note", symbol="A/HRC/59/15/Add.1", comment="In part."
    )
    Position.objects.create(recommendation=record, stand="supported", is_draft=True)
    shown = page(client, record)
    assert "takes note" in shown
    assert "A/HRC/59/15/Add.1" in shown
    assert "draft, not decided" in shown


def test_neighbours_are_those_of_the_document_as_a_person_counts(client, coordinator):
    two, ten, eleven = (make.recommendation(paragraph=f"140.{number}") for number in (2, 10, 11))
    shown = page(client, ten)
    assert f'rel="prev" href="{reverse("desk:record", args=[two.code])}"' in shown
    assert f'rel="next" href="{reverse("desk:record", args=[eleven.code])}"' in shown
    assert 'rel="next"' in shown[: shown.index("<h1")]  # also before what is to be scrolled over


def test_the_page_costs_the_same_with_one_label_and_with_forty(client, coordinator):
    small, large = make.recommendation(), make.recommendation()
    for number in range(40):
        Tagging.objects.create(recommendation=large, term=make.term(f"Theme {number}"), said_by=coordinator)
        TextVersion.objects.create(recommendation=large, language=f"x{number:02d}", text="Text")
        Position.objects.create(recommendation=large, stand="noted")
        SourceRecord.objects.create(
            recommendation=large, scheme="uhri", external_id=str(number), digest="1", where="1", raw="{}"
        )
    Tagging.objects.create(recommendation=small, term=make.term("Theme 1"), said_by=coordinator)
    SourceRecord.objects.create(recommendation=small, scheme="uhri", external_id="s", digest="1", where="1", raw="{}")
    counts = []
    for record in (small, large):
        with CaptureQueriesContext(connection) as queries:
            page(client, record)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_a_restricted_record_is_found_only_by_those_named_on_it(client):
    inside, outside = make.institution("moj"), make.institution("mfa")
    record = make.recommendation(confidentiality="restricted")
    record.restricted_to.add(inside)
    client.force_login(make.user(Role.FOCAL_POINT, institution=inside))
    page(client, record)
    client.force_login(make.user(Role.FOCAL_POINT, institution=outside))
    page(client, record, 404)


def test_a_contributor_is_led_to_the_public_page(client):
    record = make.recommendation()
    client.force_login(make.user(Role.CONTRIBUTOR))
    answer = client.get(reverse("desk:record", args=[record.code]))
    assert answer.url == record.get_absolute_url()


def test_a_reader_is_offered_no_deeds(client):
    record = make.recommendation()
    client.force_login(make.user(Role.READER))
    assert reverse("desk:edit_recommendation", args=[record.code]) not in page(client, record)
    assert client.get(reverse("desk:edit_recommendation", args=[record.code])).status_code == 403


def test_a_merged_record_leads_to_the_one_that_took_it_in(client, coordinator):
    into, other = make.recommendation(), make.recommendation()
    merging.merge_recommendations(into=into, others=[other], by=coordinator)
    answer = client.get(reverse("desk:record", args=[other.code]))
    assert (answer.status_code, answer.url) == (301, reverse("desk:record", args=[into.code]))
    assert reverse("desk:unmerge_recommendation", args=[other.code]) in page(client, into)


def test_a_withdrawn_record_tells_the_reason_and_can_be_restored(client, coordinator):
    record = make.recommendation()
    structure.withdraw_recommendation(recommendation=record, reason="Printed twice.", by=coordinator)
    assert "Printed twice." in page(client, record, 410)
    client.post(reverse("desk:restore_recommendation", args=[record.code]))
    page(client, record)


def test_a_withdrawn_restricted_record_is_unknown_to_outsiders(client, coordinator):
    record = make.recommendation(confidentiality="restricted")
    structure.withdraw_recommendation(recommendation=record, reason="Printed twice.", by=coordinator)
    client.force_login(make.user(Role.READER))
    page(client, record, 404)


@pytest.mark.parametrize("deed", ["withdrawn", "merged"])
def test_a_restricted_record_that_has_gone_is_not_found_by_the_institution_that_it_named(client, coordinator, deed):
    record, into = make.recommendation(confidentiality="restricted"), make.recommendation()
    record.restricted_to.add(make.institution("mfa"))
    focal_point = make.user(Role.FOCAL_POINT, make.institution("mfa"))
    client.force_login(focal_point)
    page(client, record)
    if deed == "withdrawn":
        structure.withdraw_recommendation(recommendation=record, reason="Printed twice.", by=coordinator)
    else:
        Recommendation.objects.filter(pk=record.pk).update(merged_into=into)
    page(client, record, 404)
    assert not Recommendation.objects.visible_to(focal_point).filter(pk=record.pk).exists()
    assert not Recommendation.objects.opened_to(focal_point).filter(pk=record.pk).exists()
    for address in ("record_history", "record_follow_up"):
        assert client.get(reverse(f"desk:{address}", args=[record.code])).status_code == 404
    client.force_login(coordinator)
    page(client, record, 410 if deed == "withdrawn" else 301)


def test_a_record_that_was_split_names_no_piece_that_the_reader_may_not_know(client, coordinator):
    whole = make.recommendation()
    first, second = structure.split_recommendation(recommendation=whole, texts=["Ratify.", "Report."], by=coordinator)
    client.force_login(make.user(Role.READER))
    assert second.code in page(client, whole, 410)
    Recommendation.objects.filter(pk=second.pk).update(confidentiality="restricted")
    assert second.code not in page(client, whole, 410)
    assert second.code not in client.get(reverse("desk:record_history", args=[whole.code])).content.decode()
    client.force_login(coordinator)
    assert f"Split into {first.code}, {second.code}." in page(client, whole, 410)


def test_a_record_that_was_put_together_again_names_no_such_piece_either(client, coordinator):
    whole = make.recommendation()
    _first, second = structure.split_recommendation(
        recommendation=whole, texts=["Ratify.", "Report."], by=coordinator
    )
    whole.refresh_from_db()
    structure.restore_recommendation(recommendation=whole, by=coordinator)
    Recommendation.objects.filter(pk=second.pk).update(confidentiality="restricted")
    today = timezone.localdate()
    newest = whole.history.order_by("-history_id").first()
    whole.history.filter(pk=newest.pk).update(history_date=timezone.now() + timedelta(days=1))
    data = {"since": "2026-01-01", "on": today.isoformat()}
    pages = [reverse(f"desk:record{which}", args=[whole.code]) for which in ("", "_history", "_as_of")]
    pages.append(reverse("desk:whats_new"))
    assert second.code in client.get(pages[2], data).content.decode()
    client.force_login(make.user(Role.READER))
    for url in pages:
        assert second.code not in client.get(url, data).content.decode()


def edit_form(client, record: Recommendation) -> dict:
    form = client.get(reverse("desk:edit_recommendation", args=[record.code])).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}
    return values | {f"initial-{name}": value for name, value in values.items()}


def test_of_two_editors_the_second_sees_the_difference_and_loses_nothing(client, coordinator):
    record = make.recommendation(date=None)
    address = reverse("desk:edit_recommendation", args=[record.code])
    mine, theirs = edit_form(client, record), edit_form(client, record)
    assert client.post(address, theirs | {"kind": "pledge"}).status_code == 302
    answer = client.post(address, mine | {"paragraph": "150.1"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Another user saved this record while you were editing" in shown
    assert 'value="150.1"' in shown
    first_paragraph = record.paragraph
    assert [(row["old"], row["new"]) for row in answer.context["conflict"]] == [(first_paragraph, "150.1")]
    record.refresh_from_db()
    assert (record.kind, record.paragraph) == ("pledge", first_paragraph)
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert client.post(address, again).status_code == 302
    record.refresh_from_db()
    assert (record.kind, record.paragraph) == ("pledge", "150.1")


def test_two_editors_of_one_field_are_shown_both_values(client, coordinator):
    record = make.recommendation()
    address = reverse("desk:edit_recommendation", args=[record.code])
    mine, theirs = edit_form(client, record), edit_form(client, record)
    client.post(address, theirs | {"kind": "pledge"})
    answer = client.post(address, mine | {"kind": "observation"})
    shown = [(row["old"], row["new"]) for row in answer.context["conflict"]]
    assert shown == [("Voluntary pledge", "Concern or observation")]


def test_of_two_writers_of_one_text_the_second_keeps_the_words(client, coordinator):
    record = make.recommendation("First words.")
    address = reverse("desk:write_text", args=[record.code])
    data = {"version": 1, "language": "en", "form": "full", "source": "", "is_original": "on"}
    assert client.post(address, data | {"text": "Their words."}).status_code == 302
    answer = client.post(address, data | {"text": "My words."})
    assert answer.status_code == 409
    assert answer.context["conflict"][0]["old"] == "Their words."
    assert "My words." in answer.content.decode()
    assert client.post(address, data | {"version": 2, "text": "My words."}).status_code == 302
    assert TextVersion.objects.current().get().text == "My words."


def test_a_record_is_created_on_its_page(client, coordinator):
    data = {
        "kind": "recommendation",
        "country": make.country().pk,
        "body": make.body().pk,
        "cycle": "4",
        "symbol": "A/HRC/59/15",
        "paragraph": "140.10",
        "language": "en",
        "text": "Ratify the Convention.",
        "confidentiality": "public",
    }
    answer = client.post(reverse("desk:create_recommendation"), data)
    assert answer.url == reverse("desk:record", args=["SVN-UPR-4-140.10"])


def test_labels_are_given_confirmed_and_taken_off_on_one_page(client, coordinator):
    record, health, housing = make.recommendation(), make.term("Health"), make.term("Housing")
    suggested = Tagging.objects.create(recommendation=record, term=housing, origin="machine", confidence=0.6)
    address = reverse("desk:add_labels", args=[record.code])
    client.post(address, {"uhri-theme": str(health.pk)})
    client.post(reverse("desk:confirm_label", args=[record.code, suggested.pk]))
    present = Tagging.objects.current().order_by("pk")
    assert [(label.term, label.origin) for label in present] == [(health, "person"), (housing, "person")]
    client.post(reverse("desk:remove_label", args=[record.code, present[0].pk]))
    assert [tagging.term for tagging in Tagging.objects.current()] == [housing]


def test_a_record_of_an_earlier_date_warns_that_the_current_one_may_differ(client, coordinator):
    record = make.recommendation()
    answer = client.get(reverse("desk:record_as_of", args=[record.code]), {"on": timezone.localdate().isoformat()})
    notice = answer.content.decode().split("Record as at the end of")[1].split("</p>")[0]
    assert "The current record may be different." in notice


def test_labels_of_the_machine_are_hidden_wherever_a_person_reads_until_they_want_them_back(client, coordinator):
    record = make.recommendation()
    Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="machine", confidence=0.6)
    Tagging.objects.create(recommendation=record, term=make.term("Housing"), origin="person", said_by=coordinator)
    names = ("record", "register", "record_panel", "record_as_of")
    pages = [reverse(f"desk:{name}", args=[] if name == "register" else [record.code]) for name in names]
    day = {"on": timezone.localdate().isoformat()}
    switch = reverse("desk:choose_machine_labels")

    def shown() -> list[tuple[bool, bool]]:
        answers = [client.get(page, day, headers={"hx-request": "true"}).content.decode() for page in pages]
        marks = ('chip-who">automatic suggestion', "+1 suggested")  # folded in the rows of the register
        return [(any(mark in answer for mark in marks), ">Housing<" in answer) for answer in answers]

    assert shown() == [(True, True)] * 4
    assert client.post(switch, {"next": pages[0]}).url == pages[0]
    assert shown() == [(False, True)] * 4
    assert "Suggested labels are hidden." in client.get(pages[1]).content.decode()
    colleague = Client()
    colleague.force_login(make.user(Role.COORDINATOR))
    assert "automatic suggestion" in colleague.get(pages[0]).content.decode()
    client.post(switch, {"next": "https://elsewhere.example/", "show": "1"})
    assert shown() == [(True, True)] * 4


def test_goals_and_targets_are_offered_by_their_numbers(client, coordinator):
    record, health = make.recommendation(), make.term("Health")
    target = make.term("3.1", taxonomy="sdg")
    Term.objects.filter(pk=target.pk).update(label="Reduce maternal mortality")
    page = client.get(reverse("desk:add_labels", args=[record.code])).content.decode()
    assert f'<option value="{target.pk}">3.1 · Reduce maternal mortality</option>' in page
    assert f'<option value="{health.pk}">Health</option>' in page
    assert '<option value="" selected>Choose one</option>' in page


def test_the_history_tells_word_by_word_what_changed(client, coordinator):
    record = make.recommendation("Ratify the Convention.")
    data = {"version": 1, "language": "en", "form": "full", "source": "", "is_original": "on"}
    client.post(reverse("desk:write_text", args=[record.code]), data | {"text": "Ratify the Protocol."})
    shown = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    assert '<dd><bdi lang="en">Ratify the <del>Convention</del><ins>Protocol</ins>.' in shown
    assert str(coordinator) in shown


def test_the_tab_of_the_history_keeps_the_head_of_the_record_and_its_tabs(client, coordinator):
    record = make.recommendation("Ratify the Convention.", stand="supported")
    make.assignment(record, make.institution("health", name="Health"))
    shown = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    head = shown.partition('class="record-head"')[2].partition('class="tabs')[0]
    assert all(words in head for words in ("Ratify the Convention.</h1>", "Supported", "Lead institution", "Health"))
    tabs = shown.partition('class="tabs')[2].partition("</nav>")[0]
    assert re.findall(r"aria-current.*?>(.*?)</a>", tabs, re.DOTALL) == ["History"]


def test_labels_of_one_import_are_one_line_of_the_history(client, coordinator):
    record = make.recommendation()
    batch = Batch.objects.create(
        name="list.docx", state="applied", applied_at=timezone.now(), created_by=coordinator, shape="thematic-list"
    )
    for label in ("Education", "Health", "Housing"):
        Tagging.objects.create(recommendation=record, term=make.term(label), scheme="uhri", added_by=batch)
    shown = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    assert shown.count("<dt>Labels</dt>") == 1
    assert "<ins>Education, Health, Housing</ins>" in shown


def test_the_history_speaks_in_words_and_not_in_codes(client, coordinator):
    record, other = make.recommendation(), make.recommendation()
    structure.link_recommendations(recommendation=record, to=other, relation="follows-up", by=coordinator)
    shown = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    assert f"<ins>follows up {other.code}</ins>" in shown


def test_the_history_tells_of_imports_and_of_changes_in_bulk(client, coordinator):
    record = make.recommendation(is_published=False)
    batch = Batch.objects.create(
        name="list.docx", state="applied", applied_at=timezone.now(), created_by=coordinator, shape="thematic-list"
    )
    Tagging.objects.create(recommendation=record, term=make.term("Health"), scheme="uhri", added_by=batch)
    known = {"scheme": "thematic-list", "external_id": "A/1", "digest": "1", "where": "", "added_by": batch}
    SourceRecord.objects.create(recommendation=record, raw="", **known)
    change = bulk.start_bulk(change=Change("publish"), records=Recommendation.objects.kept(), by=coordinator)
    bulk.apply_bulk(change)
    shown = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    assert f"{coordinator} imported list.docx." in shown
    assert "<ins>Health</ins>" in shown
    assert "<ins>Thematic list of OHCHR A/1</ins>" in shown
    assert f"{coordinator} changed this record together with others." in shown
    assert "<del>no</del><ins>yes</ins>" in shown


@pytest.mark.parametrize(
    "name",
    [
        "edit_recommendation",
        "write_text",
        "add_labels",
        "mark_follow_up",
        "add_position",
        "withdraw_recommendation",
        "split_recommendation",
        "merge_recommendations",
        "record_history",
    ],
)
def test_every_page_of_a_record_opens(client, coordinator, name):
    record = make.recommendation()
    make.term()
    assert client.get(reverse(f"desk:{name}", args=[record.code])).status_code == 200


@pytest.mark.parametrize("name", ["add_position", "decide_position"])
def test_a_position_is_not_of_a_day_that_is_still_to_come(client, coordinator, name):
    record = make.recommendation()
    draft = record.positions.create(stand="supported", is_draft=True)
    keys = [record.code, draft.pk] if name == "decide_position" else [record.code]
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = client.post(reverse(f"desk:{name}", args=keys), {"stand": "noted", "date": tomorrow.isoformat()})
    assert "The date must be today or in the past" in answer.content.decode()
    assert list(record.positions.all()) == [draft]
