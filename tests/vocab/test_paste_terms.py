import pytest
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from servanda.people.access import Role
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term
from servanda.vocab.services import editing
from servanda.vocab.services.loading import load_vocabulary
from servanda.vocab.term_table import read_table
from tests import make
from tests.once import built_once

FROM_A_SPREADSHEET = (
    "Code\tParent\tFR\tAR\n1\t\tDémocratie\tالديمقراطية\n1.1\t1\tÉgalité\tالمساواة\n\t\t\t\n2\t\tSanté\t\n"
)


@built_once
def plan() -> Taxonomy:
    name = LazyI18nString({"fr": "Plan national"})
    by = make.user(Role.ADMINISTRATOR)
    return editing.add_taxonomy(code="plan", name=name, is_facet=True, version="", source="", by=by)


@pytest.fixture
def coordinator(client, db):
    client.force_login(make.user(Role.COORDINATOR))


def mistakes(table: str, **known: int) -> list[str]:
    return read_table(table, known=known, may_add=True)[1]


def test_a_pasted_table_is_shown_first_and_changes_nothing_until_it_is_added(client, coordinator, plan):
    address = reverse("vocab:paste_terms", args=["plan"])
    page = client.post(address, {"table": FROM_A_SPREADSHEET, "look": ""})
    assert [(row.line, row.code, verdict) for row, verdict in page.context["verdicts"]] == [
        (2, "1", "new"),
        (3, "1.1", "new"),
        (5, "2", "new"),
    ]
    assert not plan.terms.exists()
    assert client.post(address, {"table": FROM_A_SPREADSHEET, "add": ""}).status_code == 302
    assert list(plan.terms.values_list("code", "parent__code")) == [("1", None), ("1.1", "1"), ("2", None)]
    assert Term.objects.get(code="1.1").label.data == {"fr": "Égalité", "ar": "المساواة"}
    assert Event.objects.filter(action="terms-pasted").count() == 1


def test_the_same_table_again_changes_nothing_and_a_new_column_adds_its_language(client, coordinator, plan):
    address = reverse("vocab:paste_terms", args=["plan"])
    client.post(address, {"table": FROM_A_SPREADSHEET, "add": ""})
    page = client.post(address, {"table": FROM_A_SPREADSHEET, "look": ""})
    assert {verdict for _row, verdict in page.context["verdicts"]} == {"unchanged"}
    client.post(address, {"table": "code,sl\n2,Zdravje\n", "add": ""})
    assert Term.objects.get(code="2").label.data == {"fr": "Santé", "sl": "Zdravje"}
    assert plan.terms.count() == 3


def test_labels_of_a_list_of_the_product_come_in_a_further_language(client, coordinator):
    load_vocabulary()
    address = reverse("vocab:paste_terms", args=["uhri-group"])
    client.post(address, {"table": "code;sl\nchildren;Otroci\n", "add": ""})
    load_vocabulary()
    label = Term.objects.get(taxonomy__code="uhri-group", code="children").label.data
    assert (label["sl"], label["en"]) == ("Otroci", "Children")


def test_a_list_of_the_product_gets_no_terms_from_a_table(client, coordinator):
    load_vocabulary()
    answer = client.post(
        reverse("vocab:paste_terms", args=["uhri-group"]), {"table": "code,en\nelves,Elves", "add": ""}
    )
    assert answer.status_code == 422
    assert "Line 2: remove the line. This list has no term “elves”" in answer.context["form"].errors["table"][0]
    assert not Term.objects.filter(code="elves").exists()


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ("1\tDémocratie", "The first line must name the columns"),
        ("code\tparent", "The first line must name the columns"),
        ("code,label in French\n1,x", "Unknown column “label in french”"),
        ("code,fr,fr\n1,a,b", "Two columns have the same head"),
        ("code,fr", "Enter at least one term below the first line."),
        ("code,fr\n,Santé", "Line 2: enter a code"),
        ("code,fr\n1,", "Line 2: enter a label"),
        (
            "code,parent,fr\n1.1,1,Égalité\n1,,Démocratie",
            "Line 2: the parent “1” does not exist",
        ),
        ("code,parent,fr\n1,,a\n2,1,b\n3,2,c\n4,3,d", "Line 5: choose a parent at a higher level"),
        ("code,fr\n1,a\n\n1,b", "Lines 2 and 4 have the same code “1”"),
        (f"code,fr\n{'x' * 81},a", "Line 2: shorten the code to at most 80 characters."),
        (f"code,fr\n1,{'x' * 301}", "Line 2: shorten labels to at most"),
        ("code,fr\n" + "".join(f"{n},a\n" for n in range(2001)), "more than 2000 lines"),
    ],
)
def test_each_mistake_of_a_table_is_named_with_its_line(table, mistake):
    (only,) = mistakes(table)
    assert mistake in only


def test_a_table_that_is_right_has_no_mistakes():
    assert mistakes(FROM_A_SPREADSHEET) == []


def test_a_parent_may_be_a_term_that_is_there_already():
    assert mistakes("code,parent,fr\n1.2,1,Justice", **{"1": 0}) == []


def test_a_quoted_cell_may_hold_the_separator_and_a_line_break():
    rows, wrong = read_table('code,fr\n1,"Égalité, justice\net paix"\n2,Santé', known={}, may_add=True)
    assert wrong == []
    assert [(row.line, row.label["fr"]) for row in rows] == [(3, "Égalité, justice et paix"), (4, "Santé")]


def test_signs_that_are_no_text_are_left_out():
    rows, wrong = read_table("\ufeffcode,fr\n1,Sa\x00nté", known={}, may_add=True)
    assert (wrong, rows[0].label["fr"]) == ([], "Santé")


def test_a_hundred_mistakes_are_not_all_shown():
    assert len(mistakes("code,fr\n" + "".join(f"{n},\n" for n in range(100)))) == 20


def test_a_table_with_a_mistake_changes_nothing_and_keeps_what_was_pasted(client, coordinator, plan):
    table = "code,fr\n1,Démocratie\n1,Santé"
    answer = client.post(reverse("vocab:paste_terms", args=["plan"]), {"table": table, "add": ""})
    assert answer.status_code == 422
    assert answer.context["form"]["table"].value() == table
    assert not plan.terms.exists()


@pytest.mark.parametrize(("taxonomy", "code", "is_taken"), [("sdg", "17.2", True), ("plan", "1", False)])
def test_only_sentences_of_the_product_may_be_as_long_as_a_target(
    client, coordinator, plan, taxonomy, code, is_taken
):
    load_vocabulary()
    table = f"code;sl\n{code};{'a' * 500}\n"
    answer = client.post(reverse("vocab:paste_terms", args=[taxonomy]), {"table": table, "add": ""})
    assert (answer.status_code == 302) == is_taken
