"""Actions at the desk: the list, the page, the forms, and what each reader sees of them."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.planning.actions.bulk import AnswerWithAction
from servanda.planning.actions.services import ActionValues, edit_action
from servanda.planning.models import Action
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.models import Recommendation
from tests import actions_make as plan_make
from tests import make
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db


def page_of(name: str, *arguments: str) -> str:
    return reverse(f"desk:{name}", args=arguments)


def shown(client, name: str, *arguments: str, **values: str) -> str:
    answer = client.get(page_of(name, *arguments), values)
    assert answer.status_code == 200
    return answer.content.decode()


def secret_record(named: str = "named"):
    record = make.recommendation(confidentiality="restricted", is_published=False)
    record.restricted_to.add(make.institution(named))
    return record


def test_a_focal_point_plans_an_action_from_a_record_and_its_page_shows_it(client):
    mine, record = make.institution("health"), make.recommendation()
    make.signed_in(client, Role.FOCAL_POINT, institution=mine)
    page = client.get(page_of("add_action"), {"record": record.code})
    form = page.context["form"]
    assert form["answers"].value() == record.code
    assert form["lead"].value() == mine.pk
    data = {"title": "Train 200 nurses", "lead": mine.pk, "answers": record.code, "status": "planned"}
    answer = client.post(page_of("add_action"), data, follow=True)
    action = Action.objects.get()
    assert answer.redirect_chain == [(page_of("action", action.code), 302)]
    for words in ("Train 200 nurses", record.code, "HEALTH"):
        assert words in answer.content.decode()
    assert "Train 200 nurses" in shown(client, "record_follow_up", record.code)


def test_of_two_who_edit_the_second_is_shown_what_changed_and_keeps_their_words(client):
    make.signed_in(client, Role.COORDINATOR)
    action = plan_make.action("Old title")
    form = client.get(page_of("edit_action", action.code)).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields if name not in ("lead", "supporting")}
    fields |= {f"initial-{name}": value for name, value in fields.items() if name != "version"}
    client.post(page_of("edit_action", action.code), fields | {"act": "Law 1/2027"})
    answer = client.post(page_of("edit_action", action.code), fields | {"title": "Mine"})
    assert answer.status_code == 409
    assert answer.context["form"]["title"].value() == "Mine"
    assert answer.context["form"]["act"].value() == "Law 1/2027"
    again = {name: answer.context["form"][name].value() or "" for name in form.fields if name != "supporting"}
    client.post(page_of("edit_action", action.code), again)
    action.refresh_from_db()
    assert (action.title, action.act) == ("Mine", "Law 1/2027")


def test_the_list_is_narrowed_by_what_somebody_asks(client):
    make.signed_in(client, Role.COORDINATOR)
    lead, plan, today = make.institution("health"), plan_make.plan("nhrap"), timezone.localdate()
    late = plan_make.action("Late one", lead, due_on=today - timedelta(days=1), plan=plan)
    near = plan_make.action("Near one", records=[make.recommendation()], due_on=today + timedelta(days=3))
    done = plan_make.action("Done one", status="completed", due_on=today - timedelta(days=9))
    everything = {late.title, near.title, done.title}
    cases = [
        ({"when": "late"}, {late.title}),
        ({"when": "soon"}, {near.title}),
        ({"plan": "nhrap"}, {late.title}),
        ({"institution": "health"}, {late.title}),
        ({"status": "completed"}, {done.title}),
        ({"without": "recommendation"}, {late.title, done.title}),
        ({"without": "lead"}, {near.title, done.title}),
        ({"words": "NEAR"}, {near.title}),
        ({"status": "nonsense", "order": "nonsense"}, everything),
    ]
    for asked, wanted in cases:
        page = shown(client, "actions", **asked)
        assert {title for title in everything if title in page} == wanted, asked


def test_an_action_that_serves_hidden_records_only_is_not_there_for_others(client):
    hidden = plan_make.action("Secret", records=[secret_record()])
    both = plan_make.action("Both", records=[secret_record(), make.recommendation()])
    make.signed_in(client, Role.READER)
    page = shown(client, "actions")
    assert (hidden.title in page, both.title in page) == (False, True)
    assert client.get(page_of("action", hidden.code)).status_code == 404
    assert "Secret" not in shown(client, "action_timeline")


def test_what_is_hidden_changes_no_byte_of_what_a_reader_sees(client):
    """Records, parts and larger actions that one may not know; by each way out."""
    make.signed_in(client, Role.READER)
    action = plan_make.action("Open", make.institution("named"), records=[make.recommendation()], is_published=True)
    plain = plan_make.action("Without any", is_published=True)
    asked = ("when", ""), ("without", "recommendation")

    def everything() -> list[bytes]:
        pages = [client.get(page_of("action", each.code)) for each in (action, plain)]
        pages += [client.get(page_of(name), dict(asked)) for name in ("actions", "action_timeline")]
        files = [client.get(f"/desk/actions.{ending}") for ending in ("csv", "json")]
        return [page.content for page in pages] + [b"".join(file.streaming_content) for file in files]

    before = everything()
    for each in (action, plain):
        plan_make.action("Below", records=[secret_record()], parent=each, budget=5, currency="EUR")
        each.answers.create(recommendation=secret_record())
    above = plan_make.action("Above", records=[secret_record()], budget=5, currency="EUR")
    Action.objects.filter(pk=action.pk).update(parent=above)
    assert [strip(each) for each in everything()] == [strip(each) for each in before]


def strip(page: bytes) -> bytes:
    """Without what is another one at every request."""
    return b"\n".join(line for line in page.splitlines() if b"csrf" not in line and b"nonce" not in line)


def test_each_bar_over_time_has_its_years_and_the_tab_of_actions_is_marked(client):
    make.signed_in(client, Role.COORDINATOR)
    for number in range(2):
        plan_make.action(f"Action {number}", start=date(2025, 3, 1), due_on=date(2027, 6, 1))
    page = shown(client, "action_timeline")
    assert page.count('class="timeline-tick timeline-year">2026</text>') == 2
    tab = re.search(rf'<a href="{page_of("actions")}"\s+aria-current="true">Actions</a>', page)
    assert tab, "the tab of actions is not marked"


@pytest.mark.parametrize("name", ["actions", "action_timeline", "plans"])
def test_a_list_costs_the_same_for_three_rows_and_for_thirty(client, name):
    make.signed_in(client, Role.READER)
    lead, plan = make.institution("health"), plan_make.plan()

    def cost(rows: int) -> int:
        for number in range(rows):
            made = plan_make.action(
                f"Action {number}", lead, [make.recommendation()], plan=plan, start=date(2026, 1, 1)
            )
            made.milestones.create(title="First", due_on=date(2026, 5, 1))
        client.get(page_of(name))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page_of(name))
        return len(queries)

    assert cost(3) == cost(24) <= 20


def test_the_page_of_an_action_and_of_a_plan_cost_little_whatever_belongs_to_them(client):
    make.signed_in(client, Role.COORDINATOR)
    lead, plan = make.institution("health"), plan_make.plan()
    action = plan_make.action("Whole", lead, plan=plan)

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    def fill(rows: int) -> list[int]:
        for _number in range(rows):
            plan_make.action("Part", lead, parent=action, plan=plan, budget=5, currency="EUR")
            action.answers.create(recommendation=make.recommendation())
        urls = [page_of("action", action.code), page_of("plan", plan.code), page_of("edit_action", action.code)]
        return [cost(url) for url in urls]

    few = fill(2)
    assert few == fill(12)
    assert max(few) <= 20


def test_a_budget_of_the_whole_stands_for_its_parts_and_sums_go_by_currency(client):
    make.signed_in(client, Role.COORDINATOR)
    plan = plan_make.plan()
    whole = plan_make.action("Whole", plan=plan, budget=100, funded=40, currency="EUR")
    plan_make.action("Part", plan=plan, parent=whole, budget=60, currency="EUR")
    plan_make.action("Other", plan=plan, budget=7, currency="USD", status="completed")
    below = client.get(page_of("plan", plan.code)).context["below"]
    assert [(row.currency, row.budget, row.gap) for row in below.money] == [("EUR", 100, 60), ("USD", 7, 7)]
    assert (below.total, below.completed, below.share) == (3, 1, 33)
    parts = client.get(page_of("action", whole.code)).context["shown"].below
    assert (parts.total, parts.money) == (1, [])


def test_two_of_three_actions_are_67_per_cent(client):
    make.signed_in(client, Role.COORDINATOR)
    plan = plan_make.plan()
    for status in ("completed", "completed", "planned", "abandoned"):
        plan_make.action(plan=plan, status=status)
    answer = client.get(page_of("plan", plan.code))
    below = answer.context["below"]
    assert (below.total, below.completed, below.share) == (3, 2, 67)
    assert "(67 %)" in source_of(answer)


def test_a_record_is_taken_off_and_comes_back_with_one_press(client):
    make.signed_in(client, Role.COORDINATOR)
    record = make.recommendation()
    action = plan_make.action(records=[record])
    client.post(page_of("stop_answering", action.code, record.code))
    assert not action.answers.exists()
    client.post(page_of("answer_again", action.code, record.code))
    assert action.answers.get().recommendation == record


def test_one_action_answers_many_records_after_a_preview_and_it_can_be_undone(client):
    make.signed_in(client, Role.COORDINATOR)
    action = plan_make.action("For many", make.institution("health"))
    records, secret = [make.recommendation() for _number in range(3)], secret_record()
    data = {"code": [record.code for record in [*records, secret]], "action": action.code, "step": "preview"}
    preview = client.post(page_of("answer_in_bulk"), data)
    assert preview.context["count"] == 3
    assert not action.answers.exists()
    done = client.post(page_of("answer_in_bulk"), data | {"step": "apply", "count": "3"})
    assert {answer.recommendation for answer in action.answers.all()} == set(records)
    client.post(done.url + "undo/")
    assert not action.answers.exists()


def test_a_change_can_be_undone_after_its_action_was_deleted(client):
    by, action, record = make.signed_in(client, Role.COORDINATOR), plan_make.action("For many"), make.recommendation()
    change, records = AnswerWithAction(action), Recommendation.objects.filter(pk=record.pk)
    batch = bulk.start_bulk(change=change, records=records, by=by)
    bulk.apply_bulk(batch)
    action.delete()
    answer = client.post(reverse("desk:undo_bulk", args=[batch.key]), follow=True)
    assert "Undone. All records have been restored." in answer.content.decode()


def test_the_public_page_of_a_record_shows_published_actions_only(client):
    record = make.recommendation()
    open_one = plan_make.action("Open action", make.institution("health"), [record], is_published=True)
    plan_make.action("Internal action", records=[record])
    page = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert open_one.title in page
    assert "HEALTH" in page
    assert "Internal action" not in page


def test_the_bars_run_in_the_direction_of_reading(client):
    make.signed_in(client, Role.READER)
    plan_make.action(start=date(2026, 1, 1), due_on=date(2026, 3, 31))
    places = []
    for language in ("en", "ar"):
        client.cookies["django_language"] = language
        places.append(client.get(page_of("action_timeline")).context["timeline"].bars[0].at)
    assert places[0] == 0
    assert places[1] > 70


def test_the_history_has_institutions_days_and_amounts_in_words(client):
    ministry = make.institution("mfa", name="Foreign Affairs")
    by = make.signed_in(client, Role.COORDINATOR)
    action = plan_make.action()
    values = ActionValues(
        title=action.title, lead=ministry, due_on=date(2026, 12, 5), budget=Decimal(390_000), currency="EUR"
    )
    edit_action(action=action, values=values, seen=action.version, by=by)
    page = shown(client, "action", action.code)
    assert [words for words in ("Foreign Affairs", "5 December 2026", "390,000") if words not in page] == []
    assert [words for words in ("2026-12-05", ">mfa<", ">390000<") if words in page] == []
