"""The audit log names objects and what changed of them in the language of its reader."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.functional import Promise

import servanda
from servanda.people.trail_pages.presenter import PARTS, kind_label, label_of
from tests.house.syntax import nodes_beside

ROOT = Path(servanda.__file__).parent


def literal_keys(source: str) -> set[str]:
    """The keys of dictionaries that are written out where an event is recorded."""
    calls = [node for node in nodes_beside(["difference"], source) if isinstance(node, ast.Call)]
    given = [word.value for call in calls for word in call.keywords if word.arg == "difference"]
    return {
        key.value
        for value in given
        if isinstance(value, ast.Dict)
        for key in value.keys
        if isinstance(key, ast.Constant)
    }


def test_each_key_that_is_written_out_has_a_label():
    fields = {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(getattr(field, "verbose_name", None), Promise)
    }
    keys = {key: path.name for path in ROOT.rglob("*.py") for key in literal_keys(path.read_text())}
    assert {key: name for key, name in keys.items() if key not in PARTS and key not in fields} == {}
    assert len(keys) > 40


@pytest.mark.parametrize(
    ("object_type", "key", "label"),
    [
        ("recommendations.recommendation", "text ar full", "texte (arabe)"),
        ("recommendations.recommendation", "text fr plain", "texte en langage clair (français)"),
        ("network.practice", "title.ar", "titre (arabe)"),
        ("network.mechanismprofile", "focal_points", "Nombre de points focaux"),
        (
            "network.selfassessment",
            "consult.nhri",
            "L’institution nationale des droits de l’homme est consultée et reste indépendante.",
        ),
        ("reporting.report", "Chapter of the State", "Chapter of the State"),
    ],
)
def test_a_key_of_data_is_named_by_its_room(object_type, key, label):
    with translation.override("fr"):
        assert label_of(object_type, key) == label


def test_the_kind_of_an_object_is_in_the_language_of_the_reader():
    with translation.override("fr"):
        assert kind_label("reporting.reportsection") == "section d’un rapport"
