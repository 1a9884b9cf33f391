"""The pages of rules: list, file, one rule; adding, replacing, retiring, and what a newer version ships."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from servanda.vocab.models import ObligationRule
from servanda.vocab.rules import services
from servanda.vocab.rules.services import VALUES, RuleValues
from tests import make

pytestmark = pytest.mark.django_db
NEW = {
    "code": "annual-letter",
    "kind": "other",
    "trigger": "letter",
    "offset": "30",
    "unit": "days",
    "certainty": "fixed",
    "force": "requested",
    "source": "Letter of the committee, 3 March 2026",
}


@pytest.fixture
def administrator(client, vocabulary):
    return make.signed_in(client, Role.ADMINISTRATOR)


def find(code: str) -> ObligationRule:
    return ObligationRule.objects.get(code=code)


def values(rule: ObligationRule, **changed) -> RuleValues:
    return RuleValues(**{name: getattr(rule, name) for name in VALUES} | changed)


def replaced(by, code: str = "cat-follow-up", **changed) -> ObligationRule:
    shipped = find(code)
    return services.edit_rule(rule=shipped, values=values(shipped, **changed), seen=shipped.version, by=by)


def codes(answer) -> list[str]:
    return [rule.code for rule in answer.context["rows"]]


def test_the_list_shows_source_deadline_and_what_is_to_be_verified(client, administrator):
    answer = client.get(reverse("vocab:rules"), {"words": "arab"})
    assert codes(answer) == ["arab-initial", "arab-periodic"]
    page = answer.content.decode()
    assert "12 months after" in page
    assert "To be verified" in page
    assert "Arab Charter on Human Rights, reporting to the Committee" in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"body": "UPR", "force": "voluntary"}, ["upr-mid-term"]),
        ({"kind": "referral"}, ["iachr-referral"]),
        ({"shown": "local"}, []),
        ({"words": "Estambul"}, ["grevio-follow-up"]),
        ({"words": "grevio recommendation"}, ["grevio-follow-up"]),
    ],
)
def test_the_list_is_filtered(client, administrator, asked, expected):
    assert codes(client.get(reverse("vocab:rules"), asked)) == expected


def test_the_file_has_the_filtered_rules_with_their_words(client, administrator):
    answer = client.get(reverse("vocab:rules_export", args=["csv"]), {"body": "UPR", "kind": "addendum"})
    header, row, *rest = b"".join(answer).decode("utf-8-sig").strip().splitlines()
    assert header.startswith("Code,Body,Treaty,Kind,Start of the time limit")
    assert row.startswith("upr-addendum,UPR,,UPR addendum,Adoption of the outcome in the Council,-1,days")
    assert rest == []
    workbook = client.get(reverse("vocab:rules_export", args=["xlsx"]))
    assert b"".join(workbook).startswith(b"PK")
    assert client.get(reverse("vocab:rules_export", args=["pdf"])).status_code == 404


def test_an_administrator_adds_a_rule_with_its_source(client, administrator):
    answer = client.post(reverse("vocab:add_rule"), NEW, follow=True)
    assert "Rule saved. It applies from now on." in answer.content.decode()
    rule = find("annual-letter")
    assert (rule.is_own, rule.is_in_force, rule.day_after(date(2026, 3, 3))) == (True, True, date(2026, 4, 2))
    event = Event.objects.get(action="rule-added")
    assert (event.object_label, event.actor_id) == ("annual-letter", administrator.pk)


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"trigger": ""}, "trigger", "Select an option for “"),
        ({"source": ""}, "source", "Enter a source."),
        ({"offset": ""}, "offset", "Enter the length of the time limit."),
        ({"unit": ""}, "unit", "Select the unit of the time."),
        ({"trigger": "document"}, "offset", "Clear the time: the document or the body sets this deadline."),
        ({"certainty": "to-be-communicated"}, "offset", "Clear the time"),
        ({"offset": "4000"}, "offset", "3,660"),
        ({"code": "upr-addendum"}, "code", "is already in use"),
        ({"code": "add"}, "code", "at least three letters"),
        ({"word_limit": "-1"}, "word_limit", "number of 0 or more"),
        ({"verified_on": "2026-02-30"}, "verified_on", "Enter a date for “"),
    ],
)
def test_bad_input_is_refused_beside_its_field(client, administrator, changed, field, message):
    answer = client.post(reverse("vocab:add_rule"), NEW | changed)
    assert answer.status_code == 422
    assert message in str(answer.context["form"].errors[field])
    assert not ObligationRule.objects.filter(is_own=True).exists()


def test_the_database_refuses_a_rule_without_time_or_with_one_too_many(vocabulary):
    for wrong in ({"trigger": "letter"}, {"trigger": "document", "offset": 3, "unit": "days"}):
        with pytest.raises(IntegrityError, match="rule_time_follows_its_trigger"), transaction.atomic():
            ObligationRule.objects.create(code="wrong", kind="other", source="x", **wrong)


def test_changing_a_shipped_rule_puts_a_local_one_in_front_of_it(client, administrator):
    page = client.get(reverse("vocab:edit_rule", args=["cat-follow-up"]))
    form = page.context["form"]
    sent = {name: value for name, value in form.initial.items() if isinstance(value, str | int) and value != ""}
    sent |= {"offset": "18", "source": "Letter of the committee, 3 March 2026"}
    answer = client.post(reverse("vocab:edit_rule", args=["cat-follow-up"]), sent, follow=True)
    local = find("cat-follow-up-local")
    assert answer.redirect_chain[-1][0] == local.get_absolute_url()
    assert (local.offset, local.replaces.code, local.is_in_force) == (18, "cat-follow-up", True)
    shipped = find("cat-follow-up")
    assert (shipped.offset, shipped.is_in_force) == (12, False)
    assert "cat-follow-up" not in ObligationRule.objects.in_force().values_list("code", flat=True)
    assert codes(client.get(reverse("vocab:rules"), {"body": "CAT", "kind": "follow-up"})) == ["cat-follow-up-local"]
    undo = client.post(reverse("vocab:retire_rule", args=[local.code]), follow=True)
    assert "The rule is no longer applied" in undo.content.decode()
    assert find("cat-follow-up").is_in_force


def test_a_local_rule_has_a_source_of_its_own(client, administrator):
    address, shipped = reverse("vocab:edit_rule", args=["cat-follow-up"]), find("cat-follow-up")
    page = client.get(address)
    sent = {name: value for name, value in page.context["form"].initial.items() if value and name != "body"}
    assert (sent.get("source"), sent.get("verified_on")) == (None, None)
    assert f"The shipped rule has: {shipped.source}" in page.content.decode()
    refused = client.post(address, sent | {"offset": "18"})
    assert "Enter a source." in str(refused.context["form"].errors["source"])
    client.post(address, sent | {"offset": "18", "source": "Letter of 3 March 2026"})
    local = find("cat-follow-up-local")
    assert (local.source, local.verified_on) == ("Letter of 3 March 2026", None)
    shown = " ".join(client.get(local.get_absolute_url()).content.decode().split())
    assert f"<dt>Source of the shipped rule</dt><dd><bdi>{shipped.source}</bdi></dd>" in shown
    assert client.get(reverse("vocab:edit_rule", args=[local.code])).context["form"]["source"].value() == local.source


def test_a_local_rule_that_still_has_the_shipped_source_says_so(client, administrator):
    warning = "The source is that of the shipped rule, which has other values."
    local = replaced(administrator, offset=18)
    assert warning in client.get(local.get_absolute_url()).content.decode()
    services.edit_rule(rule=local, values=values(local, source="Ours"), seen=local.version, by=administrator)
    assert warning not in client.get(local.get_absolute_url()).content.decode()


def test_in_force_is_the_same_on_a_row_and_on_a_set(administrator):
    local = replaced(administrator, offset=18)
    services.retire_rule(rule=find("cmw-follow-up"), by=administrator)
    for _turn in range(2):
        rows = {rule.code for rule in ObligationRule.objects.all() if rule.is_in_force}
        assert rows == set(ObligationRule.objects.in_force().values_list("code", flat=True))
        services.retire_rule(rule=local, by=administrator) if _turn == 0 else None


def test_a_newer_shipped_version_is_offered_beside_the_local_rule(client, administrator):
    local = replaced(administrator, offset=18)
    assert not find(local.code).is_outdated
    ObligationRule.objects.filter(code="cat-follow-up").update(offset=15, force="binding")
    answer = client.get(local.get_absolute_url())
    rows = [(str(row.label), row.local, row.shipped, row.is_new) for row in answer.context["compared"]]
    assert rows == [("Time", "18", "15", True), ("Force", "Requested", "Binding", True)]
    assert codes(client.get(reverse("vocab:rules"), {"shown": "newer"})) == [local.code]
    kept = client.post(reverse("vocab:keep_rule", args=[local.code]), follow=True)
    assert "Your rule was kept." in kept.content.decode()
    local = find(local.code)
    assert (local.offset, local.is_outdated) == (18, False)


def test_what_counts_towards_the_limit_is_offered_too_in_all_languages(client, administrator):
    local = replaced(administrator, "cedaw-periodic", word_limit=18_000)
    counts = LazyI18nString({"en": "Annexes do not count.", "ar": "لا تُحتسب المرفقات."})
    ObligationRule.objects.filter(code="cedaw-periodic").update(counts=counts)
    with translation.override("ar"):
        assert find(local.code).changed_facts == ["counts"]
    rows = {str(row.label): row for row in client.get(local.get_absolute_url()).context["compared"]}
    assert rows["What counts towards the limit"].shipped == "Annexes do not count."
    ObligationRule.objects.filter(pk=local.pk).update(replaced_facts='{"offset": "48"}')
    assert not find(local.code).is_outdated  # made before texts were compared


def test_the_shipped_values_can_be_copied_and_that_can_be_undone(client, administrator):
    local = replaced(administrator, offset=18, source="Ours")
    ObligationRule.objects.filter(code="cat-follow-up").update(offset=15)
    answer = client.post(reverse("vocab:take_over_rule", args=[local.code]), follow=True)
    undo = reverse("vocab:restore_rule_version", args=[local.code, local.version])
    assert undo in answer.content.decode()
    assert (find(local.code).offset, find(local.code).source) == (15, find("cat-follow-up").source)
    client.post(undo)
    back = find(local.code)
    assert (back.offset, back.source, back.is_outdated) == (18, "Ours", True)


def test_the_second_decision_on_a_newer_version_is_refused(administrator):
    local = replaced(administrator, offset=18)
    ObligationRule.objects.filter(code="cat-follow-up").update(offset=15)
    services.keep_rule(rule=local, by=administrator)
    with pytest.raises(Refused, match="already decided"):
        services.take_over_rule(rule=local, by=administrator)


def test_the_second_of_two_who_change_a_rule_is_told_and_keeps_the_text(client, administrator):
    client.post(reverse("vocab:add_rule"), NEW)
    rule = find("annual-letter")
    services.edit_rule(rule=rule, values=values(rule, offset=40), seen=rule.version, by=administrator)
    address = reverse("vocab:edit_rule", args=[rule.code])
    answer = client.post(address, NEW | {"offset": "50", "seen": rule.version})
    assert answer.status_code == 422
    assert "Another user changed this while you were editing" in answer.content.decode()
    assert find(rule.code).offset == 40
    assert answer.context["form"]["offset"].value() == "50"
    client.post(address, NEW | {"offset": "50", "seen": answer.context["form"].data["seen"]})
    assert find(rule.code).offset == 50


def test_two_who_replace_the_same_shipped_rule_make_one_local_one(administrator):
    shipped = find("cat-follow-up")
    replaced(administrator, offset=18)
    with pytest.raises(Refused, match="cat-follow-up-local"):
        services.edit_rule(rule=shipped, values=values(shipped, offset=24), seen=shipped.version, by=administrator)
    assert ObligationRule.objects.filter(is_own=True).count() == 1


def test_a_stale_version_is_refused(administrator):
    local = replaced(administrator, offset=18)
    with pytest.raises(ChangedMeanwhile):
        services.edit_rule(rule=local, values=values(local, offset=1), seen=0, by=administrator)


def test_a_local_rule_that_was_retired_is_used_again(administrator):
    local = replaced(administrator, offset=18)
    services.retire_rule(rule=local, by=administrator)
    again = replaced(administrator, offset=20)
    assert (again.pk, again.offset, again.is_in_force) == (local.pk, 20, True)


def test_the_page_of_a_shipped_rule_leads_to_the_local_one(client, administrator):
    local = replaced(administrator, offset=18)
    assert local.get_absolute_url() in client.get(find("cat-follow-up").get_absolute_url()).content.decode()
    answer = client.get(reverse("vocab:edit_rule", args=["cat-follow-up"]))
    assert answer["Location"] == reverse("vocab:edit_rule", args=[local.code])


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.COORDINATOR])
def test_others_read_rules_and_change_none(client, vocabulary, role):
    make.signed_in(client, role)
    page = client.get(reverse("vocab:rule", args=["cat-follow-up"])).content.decode()
    assert "No longer apply" not in page
    assert client.get(reverse("vocab:edit_rule", args=["cat-follow-up"])).status_code == 403
    assert client.post(reverse("vocab:retire_rule", args=["cat-follow-up"])).status_code == 403
    assert find("cat-follow-up").is_in_force


def test_the_time_of_a_rule_is_told_in_the_language_of_the_page(vocabulary):
    rule = find("upr-national-report")
    data = {}
    for language in ("en", "es", "fr", "pt", "ar"):
        with translation.override(language):
            data[language] = rule.time_in_words
    assert data == {
        "en": "12 weeks before",
        "es": "12 semanas antes",
        "fr": "12 semaines avant",
        "pt": "12 semanas antes",
        "ar": "قبل 12 أسبوعاً",
    }
    assert find("cpt-response").time_in_words == ""


def test_a_rule_names_its_body_once(vocabulary):
    assert [str(find(code)) for code in ("upr-national-report", "cat-follow-up", "common-core")] == [
        "UPR national report",
        "CAT Follow-up report",
        "Common core document",
    ]
