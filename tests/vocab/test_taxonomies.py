import pytest
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.models import Tagging
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term
from servanda.vocab.services import editing
from servanda.vocab.services.loading import load_vocabulary
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def words(name: str, **labels: str) -> dict[str, str]:
    """The inputs of a text in several languages, as the page posts them."""
    order = ["en", "es", "fr", "pt", "ar"]
    return {f"{name}_{order.index(language)}": text for language, text in labels.items()}


def national(by, code: str = "plan-national") -> Taxonomy:
    name = LazyI18nString({"fr": "Plan national", "ar": "الخطة الوطنية"})
    return editing.add_taxonomy(code=code, name=name, is_facet=True, version="", source="", by=by)


def term(taxonomy: Taxonomy, code: str, by, parent: Term | None = None) -> Term:
    label = LazyI18nString({"fr": f"Axe {code}"})
    return editing.add_term(taxonomy=taxonomy, code=code, parent=parent, label=label, synonyms="", by=by)


def test_an_administrator_adds_axes_and_sub_axes_in_french_and_arabic_on_pages(client, coordinator):
    posted = {"code": "plan-national", "is_facet": "on", **words("name", fr="Plan national", ar="الخطة الوطنية")}
    assert client.post(reverse("vocab:add_taxonomy"), posted).status_code == 302
    add = reverse("vocab:add_term", args=["plan-national"])
    client.post(add, {"code": "1", **words("label", fr="Démocratie", ar="الديمقراطية")})
    axis = Term.objects.get(code="1")
    posted = {"code": "1.1", "parent": axis.pk, **words("label", fr="Égalité", ar="المساواة")}
    assert client.post(add, posted).status_code == 302
    below = Term.objects.get(code="1.1")
    assert (below.parent, below.is_own, below.taxonomy.is_own) == (axis, True, True)
    assert below.label.data == {"fr": "Égalité", "ar": "المساواة"}
    address = reverse("vocab:taxonomy", args=["plan-national"])
    page = client.get(address, headers={"accept-language": "fr"}).content.decode()
    assert page.index("Démocratie") < page.index("Égalité")
    actions = list(Event.objects.order_by("sequence").values_list("action", "actor"))
    assert actions[-3:] == [(action, coordinator.pk) for action in ("taxonomy-added", "term-added", "term-added")]


def test_the_tree_keeps_its_order_when_a_branch_grows_later(coordinator):
    plan = national(coordinator)
    first, _second = term(plan, "Z", coordinator), term(plan, "A", coordinator)
    term(plan, "Z.2", coordinator, parent=first)
    term(plan, "Z.1", coordinator, parent=first)
    assert list(plan.terms.values_list("code", flat=True)) == ["Z", "Z.2", "Z.1", "A"]


def test_a_name_in_no_language_is_asked_for_again(client, coordinator):
    answer = client.post(reverse("vocab:add_taxonomy"), {"code": "plan"})
    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors
    assert not Taxonomy.objects.filter(code="plan").exists()


def test_a_term_cannot_be_part_of_what_stands_below_it(client, coordinator):
    plan = national(coordinator)
    axis = term(plan, "1", coordinator)
    below = term(plan, "1.1", coordinator, parent=axis)
    address = reverse("vocab:edit_term", args=[plan.code, axis.pk])
    answer = client.post(address, {"parent": below.pk, "seen": editing.mark_of(axis), **words("label", fr="Axe")})
    assert "parent" in answer.context["form"].errors
    axis.refresh_from_db()
    assert axis.parent is None


def test_a_branch_cannot_be_hung_so_low_that_it_makes_a_fourth_level(client, coordinator):
    plan = national(coordinator)
    top = term(plan, "1", coordinator)
    middle = term(plan, "1.1", coordinator, parent=top)
    other = term(plan, "2", coordinator)
    term(plan, "2.1", coordinator, parent=other)
    address = reverse("vocab:edit_term", args=[plan.code, other.pk])
    posted = {"parent": middle.pk, "seen": editing.mark_of(other), **words("label", fr="Axe 2")}
    answer = client.post(address, posted)
    assert "at most 3 levels" in str(answer.context["form"].errors["parent"])


def test_a_term_that_records_carry_is_not_deleted(client, coordinator):
    plan = national(coordinator)
    used = term(plan, "1", coordinator)
    Tagging.objects.create(recommendation=make.recommendation(), term=used, origin=Tagging.Origin.PERSON)
    with pytest.raises(Refused, match="used in 1 record or term"):
        editing.delete_term(term=used, by=coordinator)
    client.post(reverse("vocab:delete_term", args=[plan.code, used.pk]))
    assert Term.objects.filter(pk=used.pk).exists()
    assert not Event.objects.filter(action="term-deleted").exists()


def test_a_term_with_terms_below_it_is_not_deleted_and_a_leaf_is(coordinator):
    plan = national(coordinator)
    axis = term(plan, "1", coordinator)
    leaf = term(plan, "1.1", coordinator, parent=axis)
    with pytest.raises(Refused):
        editing.delete_term(term=axis, by=coordinator)
    editing.delete_term(term=leaf, by=coordinator)
    editing.delete_term(term=axis, by=coordinator)
    assert not plan.terms.exists()


def test_a_taxonomy_goes_only_when_it_is_empty(client, coordinator):
    plan = national(coordinator)
    only = term(plan, "1", coordinator)
    address = reverse("vocab:delete_taxonomy", args=[plan.code])
    assert client.get(address).status_code == 200
    client.post(address)
    assert Taxonomy.objects.filter(pk=plan.pk).exists()
    editing.delete_term(term=only, by=coordinator)
    client.post(address)
    assert not Taxonomy.objects.filter(pk=plan.pk).exists()


def test_what_comes_with_the_product_is_not_deleted_and_gets_no_new_terms(client, coordinator):
    theme = make.term("Right to education")
    with pytest.raises(Refused, match="comes with Servanda"):
        editing.delete_term(term=theme, by=coordinator)
    with pytest.raises(Refused, match="comes with Servanda"):
        editing.delete_taxonomy(taxonomy=theme.taxonomy, by=coordinator)
    with pytest.raises(Refused, match="come with Servanda"):
        term(theme.taxonomy, "mine", coordinator)
    assert client.get(reverse("vocab:add_term", args=["uhri-theme"])).status_code == 302


def test_a_theme_in_other_words_stays_so_when_the_vocabulary_is_loaded_again(client, coordinator):
    load_vocabulary()
    theme = Term.objects.get(taxonomy__code="uhri-theme", code="right-to-education")
    russian = dict(theme.label.data)
    posted = {"synonyms": "Schooling\n\nschool", **words("label", en="Right to schooling", fr=theme.label.data["fr"])}
    posted["seen"] = editing.mark_of(theme)
    client.post(reverse("vocab:edit_term", args=["uhri-theme", theme.pk]), posted)
    load_vocabulary()
    theme.refresh_from_db()
    assert theme.label.data == {"en": "Right to schooling", "fr": russian["fr"]}
    assert theme.synonyms == "Schooling\nschool"


def test_languages_beyond_those_of_the_pages_survive_an_edit(client, coordinator):
    load_vocabulary()
    goal = Term.objects.get(taxonomy__code="sdg", code="1")
    page = client.get(reverse("vocab:edit_term", args=["sdg", goal.pk]))
    field = page.context["form"].fields["label"]
    assert {"ru", "zh"} < set(field.locales)
    posted = {f"label_{number}": goal.label.data.get(language, "") for number, language in enumerate(field.locales)}
    posted |= {"synonyms": goal.synonyms, "seen": editing.mark_of(goal)}
    assert client.post(reverse("vocab:edit_term", args=["sdg", goal.pk]), posted).status_code == 302
    before = dict(goal.label.data)
    goal.refresh_from_db()
    assert goal.label.data == before
    assert not goal.is_own


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUDITOR, Role.CONTRIBUTOR])
def test_everybody_with_an_account_reads_and_only_some_change(client, role):
    theme = make.term()
    client.force_login(make.user(role))
    for page in [
        reverse("vocab:vocabulary"),
        reverse("vocab:taxonomy", args=["uhri-theme"]),
        reverse("vocab:bodies"),
    ]:
        answer = client.get(page)
        assert answer.status_code == 200
        assert "/add/" not in answer.content.decode()
    closed = [
        reverse("vocab:add_taxonomy"),
        reverse("vocab:add_body"),
        reverse("vocab:add_spelling"),
        reverse("vocab:edit_taxonomy", args=["uhri-theme"]),
        reverse("vocab:delete_taxonomy", args=["uhri-theme"]),
        reverse("vocab:paste_terms", args=["uhri-theme"]),
        reverse("vocab:add_term", args=["uhri-theme"]),
        reverse("vocab:edit_term", args=["uhri-theme", theme.pk]),
        reverse("vocab:delete_term", args=["uhri-theme", theme.pk]),
        reverse("vocab:edit_body", args=[make.body().pk]),
        reverse("vocab:delete_body", args=[make.body().pk]),
    ]
    assert {client.post(address).status_code for address in closed} == {403}


def test_a_stranger_is_sent_to_log_in(client):
    answer = client.get(reverse("vocab:vocabulary"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_page_of_terms_costs_the_same_for_three_and_for_three_hundred(client, django_assert_num_queries):
    client.force_login(make.user(Role.READER))
    make.term("0")
    address = reverse("vocab:taxonomy", args=["uhri-theme"])
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    holder = Taxonomy.objects.get(code="uhri-theme")
    Term.objects.bulk_create(Term(taxonomy=holder, code=str(n), label=f"Term {n}", order=n) for n in range(1, 301))
    with django_assert_num_queries(8):
        page = client.get(address, {"page": "4"})
    assert [term.code for term, _labels in page.context["rows"]] == ["300"]


def test_an_odd_page_number_shows_a_page_that_is_there(client):
    client.force_login(make.user(Role.READER))
    make.term("only")
    for number in ["0", "-1", "x", "9" * 40, "²"]:
        page = client.get(reverse("vocab:taxonomy", args=["uhri-theme"]), {"page": number})
        assert page.status_code == 200
        assert len(page.context["rows"]) == 1


def test_taxonomies_stand_in_the_order_of_the_filters(client, coordinator):
    load_vocabulary()
    shown = client.get(reverse("vocab:vocabulary")).context["taxonomies"]
    assert [taxonomy.code for taxonomy in shown][:3] == ["uhri-theme", "uhri-group", "sdg"]
    assert [taxonomy.terms_there for taxonomy in shown][:3] == [100, 35, 186]
