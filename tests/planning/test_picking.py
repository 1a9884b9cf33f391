"""Choosing actions in a form: by words, by reference, without a script."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from servanda.planning.actions.forms import NewActionForm
from servanda.planning.actions.services import withdraw_action
from servanda.planning.indicators.forms import NewIndicatorForm
from servanda.planning.models import Action
from servanda.planning.picking import find_actions, with_codes
from tests import actions_make, indicator_make, make
from tests.house.answers import source_of
from tests.house.page_forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


@pytest.mark.parametrize("typed", ["law complaints", "COMPLAINTS", "x-1", "X-1"])
@pytest.mark.database
def test_actions_are_found_by_words_and_by_the_beginning_of_their_reference(coordinator, typed):
    actions_make.action("A law on complaints", code="X-12")
    actions_make.action("Training of judges", code="Y-3")
    found = find_actions(typed, Action.objects.visible_to(coordinator))
    assert [choice.code for choice in found.choices] == ["X-12"]
    assert found.line == "1 action found"


def test_more_than_twenty_are_cut_and_none_is_explained(coordinator):
    for number in range(21):
        actions_make.action(f"Law {number}")
    visible = Action.objects.visible_to(coordinator)
    assert find_actions("law", visible).line == "The first 20 actions found. Enter more words to narrow the results."
    assert find_actions("nothing", visible).line == "No other actions found. Enter fewer or different words."


def test_an_action_that_is_hidden_is_not_found(client):
    secret = make.recommendation(confidentiality="restricted")
    actions_make.action("Hidden law", records=[secret])
    focal_point = make.user("focal-point", make.institution("moj"))
    assert not find_actions("law", Action.objects.visible_to(focal_point)).choices


def test_without_a_script_the_form_comes_back_with_what_was_found_and_what_was_typed(client, coordinator):
    action = actions_make.action("A law on complaints")
    sent = {"title": "Part of it", "parent_words": "complaints", "parent_search": "1"}
    page = source_of(client.post(reverse("desk:add_action"), sent))
    assert f'name="parent" value="{action.code}"' in page
    assert "A law on complaints" in page
    assert 'value="Part of it"' in page
    assert Action.objects.count() == 1


def test_the_part_of_the_page_that_the_script_loads_lists_actions(client, coordinator):
    action = actions_make.action("A law on complaints")
    page = source_of(client.get(reverse("desk:find_actions"), {"field": "actions", "actions_words": "law"}))
    assert f'name="actions" value="{action.code}"' in page


def test_several_actions_are_linked_with_an_indicator_also_in_small_letters(coordinator):
    first, second = actions_make.action("One"), actions_make.action("Two")
    data = QueryDict(mutable=True)
    data.setlist("actions", [first.code.lower(), f"{second.code}, {second.code}"])
    form = NewIndicatorForm(data, user=coordinator)
    form.is_valid()
    assert form.cleaned_data["actions"] == [first, second]
    data.setlist("actions", ["Z-999"])
    assert "No action has this reference: Z-999." in NewIndicatorForm(data, user=coordinator).errors["actions"][0]


def test_an_action_is_part_of_one_larger_action_only(coordinator):
    codes = [actions_make.action(title).code for title in ("One", "Two")]
    form = NewActionForm({"title": "Part", "parent": " ".join(codes)}, user=coordinator)
    assert "Select one action only." in form.errors["parent"][0]


def test_an_indicator_is_saved_with_an_action_that_was_withdrawn(client, coordinator):
    action, indicator = actions_make.action("A law on complaints", code="Akt-7"), indicator_make.indicator()
    indicator.actions.add(action)
    withdraw_action(action=action, reason="Entered twice.", by=coordinator)
    url = reverse("desk:edit_indicator", args=[indicator.code])
    form = form_of(client.get(url).content)
    empty = dict.fromkeys((name for name, value in form.items() if value == ["Plain words"]), "")
    form |= empty | {"actions": action.code, "baseline_on": "2020-01-01"}
    assert client.post(url, form).status_code == 302
    assert list(indicator.actions.all()) == [action]


def test_references_with_capital_and_small_letters_are_found_in_any_case(coordinator):
    action = actions_make.action("A law on complaints", code="Akt-7")
    found = with_codes(Action.objects.visible_to(coordinator), ["akt-7", "AKT-7"])
    assert found == {"akt-7": action, "AKT-7": action}
