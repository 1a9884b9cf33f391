"""Errors of forms name the field and say what to do; no message of Django is left on any form of the house."""

import copy
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.core import validators
from django.forms.renderers import get_default_renderer
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

import servanda
from servanda.kit.pages.form_errors import NamedField, sentences
from servanda.kit.pages.plain_words import EVERY_KIND
from servanda.people.models import Institution
from servanda.vocab.forms import TaxonomyForm
from servanda.vocab.models import Taxonomy

DJANGOS = (
    r"This field is required|valid choice|Ensure this|Enter a valid|Enter a whole number\.|Enter a number\."
    r"|not a valid|No file was submitted|submitted file|list of values|complete value|Null characters"
    r"|already exists|clear checkbox"
)


def kinds_of(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from kinds_of(child)


@pytest.fixture(scope="module")
def every_form() -> list[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(servanda.__path__, "servanda."):
        if not re.search(r"\.(migrations|management)\b", module.name):
            importlib.import_module(module.name)
    return [kind for kind in set(kinds_of(forms.BaseForm)) if hasattr(kind, "base_fields")]


def test_no_message_of_django_is_left_on_any_form(every_form):
    assert len(every_form) > 250
    left = set()
    for form in every_form:
        for name, field in form.base_fields.items():
            changed = copy.deepcopy(field)
            changed.error_messages.update(sentences(changed, "The label", []))
            for check in changed.validators:
                code = getattr(check, "code", "")
                own = "message" in vars(check) and check not in (validators.validate_slug,)
                assert code in changed.error_messages or own or not code, (form, name, check)
            left |= {
                (form.__name__, name, code, str(message))
                for code, message in changed.error_messages.items()
                if re.search(DJANGOS, str(message)) and "The label" not in str(message)
            }
    assert not left


def test_every_form_takes_its_errors_from_the_house(every_form):
    others = {form.__name__ for form in every_form if form.bound_field_class or form.default_renderer}
    assert not others
    assert get_default_renderer().bound_field_class is NamedField


class LetterForm(forms.Form):
    title = forms.CharField(label="Title", max_length=5)
    body = forms.ChoiceField(label="Body", choices=[("crc", "Committee")])
    themes = forms.MultipleChoiceField(label="Themes", choices=[("1", "Education")])
    received = forms.DateField(label="Received")
    meeting = forms.DateTimeField(label="Meeting")
    pages = forms.IntegerField(label="Pages", min_value=1)
    words = forms.IntegerField(label="Words", min_value=1, max_value=10_700)
    share = forms.DecimalField(label="Share (%)", max_digits=5, decimal_places=2)
    file = forms.FileField(label="File")
    picture = forms.FileField(label="Picture")
    mail = forms.EmailField(label="Email")
    link = forms.URLField(label="Link")
    sure = forms.BooleanField(label="I have read it")
    code = forms.SlugField(label="Code", required=False)
    side = forms.ChoiceField(label="Side", choices=[("left", "Left")])
    date = forms.DateField(label="Date")
    steps = forms.CharField(label="Steps", widget=forms.Textarea)
    stage = forms.CharField(label="Stage")
    reason = forms.CharField(label="Reason", error_messages={"required": "Enter a reason."})


MISSING = {
    "title": "Enter a title.",
    "body": "Select a body.",
    "side": "Select an option for “Side”.",
    "themes": "Select at least one option for “Themes”.",
    "received": "Enter a date for “Received”, such as 24 March 2025.",
    "meeting": "Enter a date and time for “Meeting”, such as 24 March 2025, 14:30.",
    "pages": "Enter a whole number of 1 or more for “Pages”.",
    "words": "Enter a whole number between 1 and 10,700 for “Words”.",
    "share": "Enter a number for “Share (%)”.",
    "date": "Enter a date, such as 24 March 2025.",
    "steps": "Enter text for “Steps”.",
    "stage": "Enter a value for “Stage”.",
    "file": "Choose a file.",
    "picture": "Choose a file for “Picture”.",
    "mail": "Enter an e-mail address for “Email”, such as name@example.org.",
    "link": "Enter a web address for “Link”, such as https://www.example.org/.",
    "sure": "Select “I have read it”.",
    "reason": "Enter a reason.",
}
WRONG = {
    "title": ("too long", "Shorten “Title” to 5 characters or fewer."),
    "body": ("cat", "Choose one of the options offered for “Body”."),
    "themes": (["9"], "Choose one of the options offered for “Themes”."),
    "received": ("soon", MISSING["received"]),
    "date": ("soon", MISSING["date"]),
    "pages": ("0", MISSING["pages"]),
    "words": ("10701", MISSING["words"]),
    "share": ("1.234", "Enter a number with fewer decimal places for “Share (%)”."),
    "mail": ("nobody", MISSING["mail"]),
    "link": ("javascript:alert(1)", MISSING["link"]),
    "code": ("a b", "Use only the letters A to Z, digits, hyphens and underscores in “Code”."),
}


def test_a_missing_value_is_asked_for_by_the_kind_and_name_of_its_field():
    assert {name: errors[0] for name, errors in LetterForm({}).errors.items()} == MISSING


@pytest.mark.parametrize(("name", "value", "sentence"), [(name, *rest) for name, rest in WRONG.items()])
def test_a_wrong_value_is_answered_with_what_to_enter(name, value, sentence):
    assert LetterForm({name: value}).errors[name] == [sentence]


@pytest.mark.parametrize(
    ("language", "received", "words"),
    [
        ("es", "Introduzca una fecha en «Received», por ejemplo 24 de marzo de 2025.", "entre 1 y 10\xa0700"),
        ("fr", "Indiquez une date pour «\xa0Received\xa0», par exemple 24 mars 2025.", "entre 1 et 10\xa0700"),
        ("pt", "Indique uma data em «Received», por exemplo 24 de março de 2025.", "entre 1 e 10.700"),
        ("ar", "يُرجى إدخال تاريخ في «Received»، مثل 24 آذار/مارس 2025.", "بين 1 و10,700"),
    ],
)
def test_errors_are_in_the_language_of_the_page(language, received, words):
    with translation.override(language):
        errors = LetterForm({}).errors
    assert errors["received"] == [received]
    assert words in errors["words"][0]


def test_a_summary_names_each_field_once_and_leads_to_it():
    page = render_to_string("parts/error_summary.html", {"form": LetterForm({})})
    assert '<a href="#id_title">Enter a title.</a>' in page
    assert '<a href="#id_reason">Enter a reason.</a>' in page


@pytest.mark.parametrize("language", ["es", "fr", "pt", "ar"])
def test_a_summary_names_each_field_once_in_other_languages(language):
    with translation.override(language):
        page = render_to_string("parts/error_summary.html", {"form": LetterForm({})})
    assert page.count("Received") == 1


def test_a_form_that_was_not_sent_keeps_its_messages():
    form = LetterForm()
    assert str(form["title"].field.error_messages["required"]) == "This field is required."


@pytest.mark.django_db
def test_a_code_in_use_is_named():
    Taxonomy.objects.create(code="themes-of-today", name={"en": "Themes"})
    form = TaxonomyForm({"code": "themes-of-today", "name_0": "Other"})
    assert form.errors["code"] == ["“Code” is already in use. Enter another one."]


@pytest.mark.django_db
def test_a_text_in_several_languages_is_asked_for_by_its_name():
    fields = forms.modelform_factory(Institution, fields=["name"])
    assert fields({}).errors["name"] == ["Enter a name."]


class AssessmentForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"))
    body = forms.ChoiceField(label=gettext_lazy("Body"))
    institutions = forms.MultipleChoiceField(label=gettext_lazy("Institutions"))
    due_on = forms.DateField(label=gettext_lazy("Deadline"))
    file = forms.FileField(label=gettext_lazy("File"))


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_plain_words_are_a_line_of_the_summary_without_a_label(language):
    with translation.override(language):
        form = AssessmentForm({})
        page = render_to_string("parts/error_summary.html", {"form": form})
        errors = [str(found[0]) for found in form.errors.values()]
    assert all(f">{sentence}</a>" in page for sentence in errors)
    assert not any(mark in sentence for sentence in errors for mark in "“«")


def test_labels_of_plain_words_are_labels_of_forms(every_form):
    """A label that no form has any more takes its sentence with it."""
    fields = [field for form in every_form for field in form.base_fields.values()]
    known = {str(getattr(field, "summary_label", "") or field.label) for field in fields}
    assert {str(label) for kind in EVERY_KIND for label, _sentence in kind} <= known


# Long texts: browsers cut what is pasted into a field with a greatest length, without a word


class LongForm(forms.Form):
    text = forms.CharField(label="Text", max_length=10, widget=forms.Textarea)
    given = forms.CharField(label="Given", required=False, widget=forms.Textarea(attrs={"maxlength": 10}))
    name = forms.CharField(label="Name", max_length=10, required=False)


def test_a_long_text_is_refused_and_not_cut():
    assert str(LongForm()).count("maxlength") == 1  # of the name, which is one line
    form = LongForm({"text": "a text that is longer"})
    assert form.errors["text"] == ["Shorten “Text” to 10 characters or fewer."]
    assert "a text that is longer</textarea>" in str(form["text"])


def test_no_template_lets_browsers_cut_a_text():
    templates = Path(servanda.__file__).parent.rglob("templates/**/*.html")
    areas = [area for path in templates for area in re.findall(r"<textarea[^>]*>", path.read_text("utf-8"))]
    assert areas
    assert not [area for area in areas if "maxlength" in area]
