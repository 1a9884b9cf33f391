import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.people.access import Role
from servanda.planning.models import Indicator, IndicatorRecommendation
from servanda.trail.models import Event
from tests import indicator_make, make
from tests.desk.tiles import tiles_on_desk
from tests.indicator_make import target, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def page_of(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client, **query) -> set[str]:
    answer = client.get(reverse("desk:indicators_export", args=["json"]), query)
    return {row["reference"] for row in json.loads(b"".join(answer.streaming_content))["indicators"]}


def test_the_list_is_narrowed_and_says_how_far_each_has_come(client, coordinator):
    today, keeper = timezone.localdate(), make.institution("statistics")
    health = make.term("Right to health")
    near = today + timedelta(days=20)
    target("A", right=health, custodian=keeper, next_due_on=today - timedelta(days=1), name="Children in school")
    indicator_make.indicator("B", kind="structure", next_due_on=near)
    value(Indicator.objects.get(code="A"), 2022, 60)
    page = page_of(client, "desk:indicators")
    assert "Children in school" in page
    assert "60%" in page
    assert "50%" in page  # of the way from 40 to 80
    assert listed(client) == {"A", "B"}
    assert listed(client, kind="structure") == {"B"}
    assert listed(client, right=health.pk) == {"A"}
    assert listed(client, institution=keeper.pk) == {"A"}
    assert listed(client, due="late") == {"A"}
    assert listed(client, due="soon") == {"A", "B"}
    assert listed(client, target="without") == {"B"}
    assert listed(client, value="without") == {"B"}
    assert listed(client, words="SCHOOL children") == {"A", "B"}
    assert listed(client, words="nothing") == set()
    assert listed(client, kind="x", right="²", institution="x", due="x") == {"A", "B"}


def test_three_indicators_ask_as_often_as_thirty(client, coordinator, django_assert_max_num_queries):
    def asked() -> int:
        with django_assert_max_num_queries(20) as captured:
            client.get(reverse("desk:indicators"))
        return len(captured)

    for number in range(30):
        it = target(custodian=make.institution(f"place-{number}"), right=make.term(f"Right {number}"))
        value(it, 2022)
        if number == 2:
            asked()
            few = asked()
    assert asked() == few


def test_the_page_shows_values_reasons_breaks_and_what_was_corrected(client, coordinator):
    it = target("EDU-1")
    indicator_make.sex(it)
    value(it, 2021, 50)
    value(it, 2022, missing="not-collected")
    value(it, 2023, 70, is_break=True, note="New census")
    value(it, 2023, 66, breakdown="sex=Women")
    over = {"superseded_at": timezone.now(), "correction_reason": "Typed wrongly", "entered_by": coordinator}
    value(it, 2021, 5, **over)
    page = page_of(client, "desk:indicator", "EDU-1")
    for words in (
        "Not collected",
        "Break in the series",
        "New census",
        "Sex: Women",
        "Typed wrongly",
        "not comparable",
    ):
        assert words.lower() in page.lower(), words
    assert "from 50% (2021) to 70% (2023)" in page
    chart = client.get(reverse("desk:indicator_chart", args=["EDU-1"]), {"language": "en"})
    assert chart["Content-Type"] == "image/svg+xml"
    drawn = chart.content.decode()
    assert all(words in drawn for words in ("Target:", "80%", "Baseline:", "40%", "Break"))
    arabic = client.get(reverse("desk:indicator_chart", args=["EDU-1"]), {"language": "ar"})
    assert arabic.content != chart.content


def test_an_indicator_about_hidden_records_only_is_seen_by_those_who_see_one_of_them(client):
    record = make.recommendation(confidentiality="restricted")
    record.restricted_to.add(make.institution("named"))
    it = indicator_make.indicator("EDU-1", about=record)
    keeper = indicator_make.keeper("statistics")
    address = reverse("desk:indicator", args=["EDU-1"])
    for person, status in ((make.user(Role.READER), 404), (indicator_make.keeper("named"), 200), (keeper, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status
    Indicator.objects.filter(pk=it.pk).update(custodian=make.institution("statistics"))
    page = client.get(address).content.decode()
    assert record.code not in page
    Indicator.objects.filter(pk=it.pk).update(is_published=True)
    client.logout()
    page = client.get(reverse("portal:indicator", args=["EDU-1"])).content.decode()
    assert record.code not in page


def test_the_public_sees_published_indicators_on_published_records_without_who_said_what(client):
    record = make.recommendation()
    it = target("EDU-1", about=record, is_published=True)
    hidden = indicator_make.indicator("EDU-2", about=record, name="Hidden one")
    person = make.user(name="Typist")
    value(it, 2021, 55, entered_by=person)
    value(it, 2020, 1, superseded_at=timezone.now(), correction_reason="Typed wrongly", entered_by=person)
    page = client.get(record.get_absolute_url()).content.decode()
    assert it.name in page
    assert hidden.name not in page
    page = page_of(client, "portal:indicator", "EDU-1")
    assert record.code in page
    assert "Typed wrongly" not in page
    assert "Typist" not in page
    answer = client.get(reverse("portal:indicator_values", args=["EDU-1"]))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["TIME_PERIOD"], row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows] == [("2021", "55", "A")]
    assert client.get(reverse("portal:indicator", args=["EDU-2"])).status_code == 404
    assert client.get(reverse("portal:indicator_chart", args=["EDU-2"])).status_code == 404
    assert client.get(reverse("portal:indicator_values", args=["EDU-2"])).status_code == 404


def facts(**changed) -> dict:
    given = {"code": "EDU-1", "name": "Children in school", "kind": "outcome", "unit": "percent", "direction": "up"}
    return given | {"schedule": "yearly"} | changed


def test_an_indicator_is_added_for_a_record_and_edited_by_one_person_at_a_time(client, coordinator):
    record = make.recommendation()
    address = f"{reverse('desk:add_indicator')}?recommendation={record.code}"
    assert f'value="{record.code}" checked' in client.get(address).content.decode()
    answer = client.post(address, facts(target="80", records=record.code))
    assert answer.status_code == 422
    assert "date, or neither" in answer.content.decode()
    wrong = facts(baseline="40", baseline_on="2020-12-31", target="80", target_on="2020-12-31")
    assert "The target date is not after the baseline date. Change" in client.post(address, wrong).content.decode()
    assert client.post(address, facts(code="a/b")).status_code == 422
    answer = client.post(address, wrong | {"target_on": "2030-12-31", "records": record.code})
    assert answer.status_code == 302
    it = Indicator.objects.get()
    assert list(it.recommendations.all()) == [record]
    assert it.history.get().history_user == coordinator
    assert "Children in school" in page_of(client, "desk:record_follow_up", record.code)
    edit = reverse("desk:edit_indicator", args=["EDU-1"])
    assert client.post(edit, facts(name="In school", seen=1)).status_code == 302
    answer = client.post(edit, facts(name="At school", seen=1))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Another user saved" in page
    assert 'value="At school"' in page
    assert 'name="seen" value="2"' in page
    it.refresh_from_db()
    assert (it.name, it.baseline, it.version) == ("In school", None, 2)


def test_dimensions_are_lines_and_those_in_use_stay(client, coordinator):
    it = indicator_make.indicator("EDU-1")
    address = reverse("desk:set_dimensions", args=["EDU-1"])
    lines = "sex | Sex | Women; Men\nage | Age | 0-14; 15+"
    assert client.post(address, {"lines": "Sex: women", "seen": 1}).status_code == 422
    assert client.post(address, {"lines": "freq | F | a", "seen": 1}).status_code == 422
    assert client.post(address, {"lines": lines, "seen": 1}).status_code == 302
    assert {dimension.code: dimension.category_names for dimension in it.dimensions.all()}["age"] == ["0-14", "15+"]
    sent = {"start": "2024-01-01", "end": "2024-12-31", "value": "3", "by_sex": "Men"}
    assert client.post(reverse("desk:measure", args=["EDU-1"]), sent).status_code == 302
    answer = client.post(address, {"lines": "age | Age | 0-14", "seen": 2})
    assert "values are disaggregated by" in answer.content.decode()
    assert it.dimensions.count() == 2


def test_values_are_said_and_corrected_by_those_who_keep_them_only(client):
    it = indicator_make.indicator("EDU-1", custodian=make.institution("statistics"))
    old = value(it, 2023)
    sent = {"start": "2024-01-01", "end": "2024-12-31", "value": "60"}
    addresses = [reverse("desk:measure", args=["EDU-1"]), reverse("desk:correct_measurement", args=["EDU-1", old.pk])]
    client.force_login(indicator_make.keeper("health"))
    for address in addresses:
        assert client.post(address, sent | {"reason": "So."}, follow=True).redirect_chain != []
    assert it.measurements.count() == 1
    assert Event.objects.filter(action="refused").count() == 2
    client.force_login(indicator_make.keeper())
    page = client.get(addresses[0]).content.decode()
    assert 'value="2024-01-01"' in page  # the period after the last one
    assert client.post(addresses[0], sent | {"end": "2023-06-30"}).status_code == 422
    assert client.post(addresses[0], sent).status_code == 302
    assert client.post(addresses[1], sent | {"start": "2023-01-01", "end": "2023-12-31"}).status_code == 422
    corrected = {"start": "2023-01-01", "end": "2023-12-31", "value": "51", "reason": "Counted again."}
    assert client.post(addresses[1], corrected).status_code == 302
    assert sorted(it.measurements.current().values_list("value", flat=True)) == [51, 60]


def test_progress_by_hand_stands_beside_the_computed_one_and_can_be_taken_back(client, coordinator):
    it = target("EDU-1")
    value(it, 2022, 60)
    address = reverse("desk:override_progress", args=["EDU-1"])
    assert client.post(address, {"percent": "120", "reason": "So."}).status_code == 422
    assert client.post(address, {"percent": "20"}).status_code == 422
    client.post(address, {"percent": "20", "reason": "The census missed the islands."})
    page = page_of(client, "desk:indicator", "EDU-1")
    for words in ("50%", "Entered manually: 20%", "The census missed the islands.", coordinator.name):
        assert words in page
    client.post(reverse("desk:clear_override", args=["EDU-1"]))
    it.refresh_from_db()
    assert (it.progress_override, it.override_reason) == (None, "")


def test_a_withdrawn_indicator_is_gone_everywhere_until_it_is_put_back(client, coordinator):
    record = make.recommendation()
    indicator_make.indicator("EDU-1", about=record, is_published=True)
    client.post(reverse("desk:withdraw_indicator", args=["EDU-1"]), {"reason": "Counted twice."})
    assert listed(client) == set()
    assert client.get(reverse("portal:indicator", args=["EDU-1"])).status_code == 404
    client.post(reverse("desk:restore_indicator", args=["EDU-1"]))
    assert listed(client) == {"EDU-1"}


def test_records_that_are_chosen_on_a_page_are_linked_with_an_indicator_all_or_none(client, coordinator):
    records, it = [make.recommendation() for _number in range(2)], indicator_make.indicator("EDU-1")
    address, sent = reverse("desk:link_records", args=["EDU-1"]), {"weight": "supporting"}
    answer = client.post(address, sent | {"records": [record.code for record in records]}, follow=True)
    assert "2 records linked." in answer.content.decode()
    assert set(it.recommendations.all()) == set(records)
    more = make.recommendation()
    answer = client.post(address, sent | {"records": [more.code, records[0].code]})
    assert answer.status_code == 422
    assert more not in it.recommendations.all()


def test_links_are_made_from_the_page_of_a_record_by_reference_and_taken_away(client, coordinator):
    record, it = make.recommendation(), indicator_make.indicator("EDU-1")
    sent = {"indicator": "EDU-1", "recommendation": record.code, "weight": "supporting", "page": "record_follow_up"}
    answer = client.post(reverse("desk:link_indicator"), sent)
    assert answer.url == reverse("desk:record_follow_up", args=[record.code])
    link = IndicatorRecommendation.objects.get()
    assert (link.indicator, link.recommendation, link.weight) == (it, record, "supporting")
    answer = client.post(reverse("desk:link_indicator"), sent | {"recommendation": "nothing"}, follow=True)
    assert "No indicator or record has this reference. Copy it from" in answer.content.decode()
    page = html.fromstring(client.post(reverse("desk:unlink_indicator", args=[link.pk]), follow=True).content)
    assert not it.abouts.exists()
    [undo] = page.xpath("//div[@class='messages']//form/@action")
    assert client.post(undo).url == reverse("desk:indicator", args=["EDU-1"])
    assert (it.abouts.get().recommendation, it.abouts.get().weight) == (record, "supporting")


def test_the_desk_counts_values_that_are_owed_and_outcomes_without_any(client):
    today = timezone.localdate()
    keeper = make.institution("statistics")
    late = target("A", custodian=keeper, next_due_on=today - timedelta(days=3))
    value(late, 2022)
    indicator_make.indicator("B", custodian=keeper, next_due_on=today + timedelta(days=90))
    indicator_make.indicator("C", next_due_on=today)
    client.force_login(indicator_make.keeper())
    assert tiles_on_desk(client)["values_due"].count == 1
    assert listed(client, institution="mine", due="soon") == {"A"}
    make.signed_in(client, Role.COORDINATOR)
    assert tiles_on_desk(client)["outcomes_without_value"].count == 2
    assert listed(client, kind="outcome", value="without") == {"B", "C"}


def test_an_export_is_kept_in_the_trail_and_opens_no_formula(client, coordinator):
    it = indicator_make.indicator("EDU-1", name="=1+1", baseline=Decimal("1.5"), baseline_on=date(2020, 1, 1))
    answer = client.get(reverse("desk:indicators_export", args=["csv"]))
    [row] = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (row["name"], row["baseline"], row["published"]) == ("'=1+1", "1.5", "no")
    assert Event.objects.get(action="indicators-exported").object_label == "indicators.csv"
    assert it.code == row["reference"]
