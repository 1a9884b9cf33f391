"""The desk shows single items, each with one action: what is asked, due this week, overdue and to be decided."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.made_backups import MadeBackups, save
from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.progress.models import Update
from tests import actions_make, assessing_make, make, progress_make, rounds_make
from tests.desk.home.test_home import sent

pytestmark = pytest.mark.django_db


def desk(client):
    return client.get(reverse("desk:home"))


def items(page, key: str) -> list:
    groups = [*page.context["first_groups"], *page.context["groups"]]
    return next((list(group.items) for group in groups if group.key == key), [])


def test_what_is_overdue_for_longest_comes_first_with_its_action(client):
    today, ministry = timezone.localdate(), make.institution("health", name="Ministry of Health")
    make.signed_in(client, Role.COORDINATOR)
    late = make.recommendation("Protect the children.", stand="pending", decide_by=today - timedelta(days=9))
    led = make.recommendation("Train the judges.")
    make.assignment(led, ministry, due_on=today - timedelta(days=8))
    for days in (1, 2, 3, 4, 5):
        actions_make.action(title=f"{days} days late", due_on=today - timedelta(days=days))
    page = desk(client)
    assert [(item.title, item.day) for item in items(page, "overdue")] == [
        ("Protect the children.", today - timedelta(days=9)),
        ("Train the judges.", today - timedelta(days=8)),
        ("5 days late", today - timedelta(days=5)),
        ("4 days late", today - timedelta(days=4)),
        ("3 days late", today - timedelta(days=3)),
    ]
    assert str(items(page, "overdue")[1].institution) == "Ministry of Health"
    text = page.content.decode()
    assert f'href="{reverse("desk:settle_position", args=[late.code])}"' in text
    assert "Overdue actions: 5" in text


def test_a_validating_authority_sees_updates_to_approve_before_older_drafts(client):
    ministry = make.institution("health")
    authority, writer = make.user(Role.AUTHORITY, ministry), make.user(Role.FOCAL_POINT, ministry)
    client.force_login(authority)
    record = make.recommendation()
    make.assignment(record, ministry)
    for _number in range(6):
        progress_make.update(record, ministry, written_by=writer)
    progress_make.update(record, ministry, state="submitted", text="Ready to be approved.", written_by=writer)
    assert [item.title for item in items(desk(client), "decide")][0] == "Ready to be approved."


def test_what_others_wait_for_comes_before_what_an_authority_has_to_write(client):
    ministry = make.institution("health")
    authority, writer = make.user(Role.AUTHORITY, ministry), make.user(Role.FOCAL_POINT, ministry)
    client.force_login(authority)
    record = make.recommendation()
    make.assignment(record, ministry)
    rounds_make.request(ministry, [record])
    page = desk(client).content.decode()
    assert 'id="asked-first"' in page
    assert 'id="group-decide"' not in page.partition('id="asked-first"')[0]
    progress_make.update(record, ministry, state="submitted", text="Ready to be approved.", written_by=writer)
    before_request, _id, _after = desk(client).content.decode().partition('id="asked-first"')
    assert "Ready to be approved." in before_request
    assert desk(client).content.decode().count('id="group-decide"') == 1


@pytest.mark.parametrize(("role", "title"), [(Role.FOCAL_POINT, "Things to do"), (Role.AUTHORITY, "To decide")])
def test_those_who_decide_nothing_have_things_to_do(client, role, title):
    ministry = make.institution("health")
    writer = make.user(Role.FOCAL_POINT, ministry)
    client.force_login(make.user(role, ministry))
    record = make.recommendation()
    make.assignment(record, ministry)
    progress_make.update(record, ministry, written_by=writer)
    assert f'<h2 id="group-decide">{title}</h2>' in desk(client).content.decode()


def test_what_awaits_a_decision_is_told_apart_by_its_text(client):
    make.signed_in(client, Role.COORDINATOR)
    record, ministry = make.recommendation(), make.institution("health")
    progress_make.update(record, ministry, state="validated", text="تم تدريب 40 قاضياً.", language="ar")
    assessing_make.contribution(record, text="The shelter is closed.", language="en")
    found = [(item.title, item.language) for item in items(desk(client), "decide")]
    assert sorted(found) == [("The shelter is closed.", "en"), ("تم تدريب 40 قاضياً.", "ar")]
    assert 'lang="ar"' in desk(client).content.decode()


@pytest.mark.database
def test_each_item_leads_to_a_page(client):
    person = make.signed_in(client, Role.COORDINATOR)
    long_ago, ministry = timezone.localdate() - timedelta(days=20), make.institution("health")
    record = make.recommendation(stand="pending", decide_by=long_ago)
    make.assignment(record, ministry, due_on=long_ago)
    make.follow_up(record, due_on=long_ago)
    rounds_make.request(ministry, [record], due_on=long_ago)
    actions_make.action(due_on=long_ago)
    make.assignment(make.recommendation(), ministry, refused_at=timezone.now(), refusal_reason="Not ours.")
    sent(1, created_by=person)
    progress_make.update(record, ministry, state="validated")
    assessing_make.contribution(record)
    make.proposal(record, ministry)
    found = [*items(desk(client), "overdue"), *items(desk(client), "decide")]
    assert len(found) == 10
    assert {client.get(item.href).status_code for item in found} == {200}
    assert all(item.verb for item in found)


def test_this_week_is_shown_by_day(client):
    make.signed_in(client, Role.COORDINATOR)
    make.recommendation()
    today = timezone.localdate()
    for days in (-1, 0, 0, 6, 7):
        actions_make.action(title=f"In {days}", due_on=today + timedelta(days=days))
    week = desk(client).context["week"]
    assert [(entry.day, entry.is_today, [item.title for item in entry.items]) for entry in week] == [
        (today, True, ["In 0", "In 0"]),
        (today + timedelta(days=6), False, ["In 6"]),
    ]


@pytest.mark.database
def test_one_button_of_a_focal_point_leads_straight_to_the_form(client):
    ministry = make.institution("health")
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    later, first = make.recommendation("Later."), make.recommendation("First.")
    rounds_make.request(ministry, [later], due_on=timezone.localdate() + timedelta(days=9))
    input_request = rounds_make.request(ministry, [first], due_on=timezone.localdate() + timedelta(days=2))
    rounds_make.request(make.institution("other"), [make.recommendation("Theirs.")])
    page = desk(client)
    assert [question.row.text.text for question in page.context["asked"]] == ["First.", "Later."]
    question = page.context["asked"][0]
    fields = {"institution": ministry.pk, "codes": first.code, "form_key": question.row.form_key}
    text = page.content.decode()
    assert all(f'name="{name}" value="{value}"' in text for name, value in fields.items())
    address = f"{reverse('desk:start_update')}?request={input_request.pk}"
    assert f'action="{address}"' in text
    answers = [client.post(address, fields) for _twice in range(2)]
    update = Update.objects.get()
    assert (update.request, update.institution) == (input_request, ministry)
    assert {answer.url for answer in answers} == {reverse("desk:save_update", args=[update.pk])}
    assert client.get(answers[0].url).status_code == 200
    assert f'href="{answers[0].url}"' in desk(client).content.decode()
    client.force_login(make.user(Role.READER))
    assert desk(client).context["asked"] == []


def test_nothing_is_shown_of_records_that_a_person_may_not_read(client):
    ministry, other = make.institution("health"), make.institution("other")
    hidden = make.recommendation("Hidden words.", confidentiality="restricted")
    day = timezone.localdate() - timedelta(days=1)
    make.assignment(hidden, other, due_on=day)
    make.follow_up(hidden, due_on=day)
    make.assignment(make.recommendation("Our words."), ministry, due_on=day)
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    page = desk(client)
    assert [item.title for item in items(page, "overdue")] == ["Our words."]
    assert "Hidden words." not in page.content.decode()


def test_an_administrator_finds_a_mail_that_failed(client):
    make.recommendation()
    failed = {"next_try": timezone.now(), "tries": 2}
    ana = make.user(Role.READER).email
    Mail.objects.create(to=ana, subject="Due", problem="550 No such mailbox", **failed)
    # Who writes without an account is promised that the address serves for one answer only.
    stranger = "whistle@blower.example"
    Mail.objects.create(to=stranger, subject=f"For {stranger}", problem=f"550 {stranger}", **failed)
    make.signed_in(client, Role.ADMINISTRATOR)
    page = desk(client).content.decode()
    assert "Address without an account" in page
    assert "whistle" not in page
    assert ana in page
    assert "550 No such mailbox" in page
    assert "Not running." in page
    client.force_login(make.user(Role.COORDINATOR))
    assert "550 No such mailbox" not in desk(client).content.decode()


def test_a_new_installation_shows_its_first_steps_and_nothing_else(client):
    make.signed_in(client, Role.ADMINISTRATOR)
    page = desk(client)
    text = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "First steps" in text
    assert 'class="tile"' not in text
    assert "This week" not in text
    make.recommendation()
    text = desk(client).content.decode()
    assert ("First steps" in text, 'class="tile"' in text, "This week" in text) == (True, True, True)


def test_a_contributor_finds_the_form_in_the_menu(client):
    client.force_login(make.user(Role.CONTRIBUTOR))
    assert f'href="{reverse("desk:contribute")}"' in desk(client).content.decode().partition("<main")[0]
    client.force_login(make.user(Role.COORDINATOR))
    assert f'href="{reverse("desk:contribute")}"' not in desk(client).content.decode().partition("<main")[0]


def test_lists_without_open_items_fold_away(client):
    make.recommendation(is_published=False)
    client.force_login(make.user(Role.COORDINATOR))
    page = desk(client)
    text = page.content.decode()
    folded = text.partition('<details class="desk-finished">')[2].partition("</details>")[0]
    assert "No files to review." in folded
    assert "Every record is published." not in folded
    quality = next(group for group in page.context["groups"] if group.key == "quality")
    assert all(tile.count for tile in quality.tiles)


def test_an_administrator_sees_the_last_backup_and_that_it_is_overdue(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    make.recommendation()
    make.signed_in(client, Role.ADMINISTRATOR)
    page = desk(client)
    assert "No backup yet." in page.content.decode()
    assert "./run backup FILE" in page.content.decode()
    assert not [item for item in items(page, "overdue") if item.kind == "Last backup"]
    save(MadeBackups(made_at=(timezone.now() - timedelta(days=1)).isoformat(), size=2_097_152))
    text = desk(client).content.decode()
    assert "(2.0" in text.partition("Last backup:")[2][:80]
    old = timezone.now() - timedelta(days=8)
    save(MadeBackups(made_at=old.isoformat(), size=1, restored_at=timezone.now().isoformat()))
    page = desk(client)
    assert [(item.kind, item.day) for item in items(page, "overdue")][:1] == [
        ("Last backup", timezone.localdate(old))
    ]
    assert "This system was restored on" in page.content.decode()
    client.force_login(make.user(Role.COORDINATOR))
    assert "Last backup:" not in desk(client).content.decode()
