import pytest
from django.core.management import call_command

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.assessments import scales
from servanda.progress.models import Common, Grade, Scale
from tests import assessing_make as made
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

NAMES = {"en": "Ours", "fr": "Le nôtre"}


@built_once
def coordinator(loaded_once) -> User:
    return make.user(Role.COORDINATOR, name="Cora")


def test_the_scales_are_loaded_once_in_five_languages(capsys):
    call_command("load_scales")
    call_command("load_scales")
    assert capsys.readouterr().out.splitlines() == ["40 scales and values", "nothing to load"]
    words = [thing for rows in (Scale, Grade) for thing in rows.objects.all()]
    assert [
        thing for thing in words if set(vars(thing).get("name", vars(thing).get("label")).data) != LANGUAGES
    ] == []
    assert set(Grade.objects.filter(scale__code="government").values_list("code", flat=True)) == set(Common)
    assert Grade.objects.get(scale__code="ccpr-follow-up", code="b").common == Common.PARTIAL


LANGUAGES = {"en", "fr", "es", "pt", "ar"}


def test_what_was_put_out_of_use_stays_so_when_the_scales_are_loaded_again(coordinator):
    scales.load_scales()
    scales.retire_grade(grade=Grade.objects.get(scale__code="ccpr-follow-up", code="d"), by=coordinator)
    scales.retire_scale(scale=Scale.objects.get(code="cm-supervision"), by=coordinator)
    assert scales.load_scales() == 0
    assert Grade.objects.filter(is_in_use=False).count() == Scale.objects.filter(is_in_use=False).count() == 1


def test_a_country_adds_a_scale_of_its_own(coordinator):
    data = {"code": "ombudsman", "name": NAMES, "voice": "independent", "bodies": "", "source": "Law 3"}
    scale = scales.add_scale(**data, by=coordinator)
    scales.add_grade(scale=scale, code="good", label=NAMES, common="full", by=coordinator)
    with pytest.raises(Refused, match="A scale with this code already exists. Choose another"):
        scales.add_scale(**data, by=coordinator)
    with pytest.raises(Refused, match="This scale already has a value with this code. Choose"):
        scales.add_grade(scale=scale, code="good", label=NAMES, common="full", by=coordinator)
    assert list(scale.grades.values_list("code", "common", "order")) == [("good", "full", 0)]


def test_the_scale_of_a_body_stays_as_the_body_made_it(coordinator):
    scales.load_scales()
    scale = Scale.objects.get(code="ccpr-follow-up")
    with pytest.raises(Refused, match="Add a scale of your own"):
        scales.add_grade(scale=scale, code="f", label=NAMES, common="full", by=coordinator)
    with pytest.raises(Refused, match="Add a scale of your own"):
        scales.remove_grade(grade=scale.grades.first(), by=coordinator)


def test_a_value_that_somebody_used_goes_out_of_use_and_stays(coordinator):
    used, unused = made.grade("partial"), made.grade("full")
    made.assessment(make.recommendation(), "partial")
    with pytest.raises(Refused, match="Stop using it instead"):
        scales.remove_grade(grade=used, by=coordinator)
    scales.remove_grade(grade=unused, by=coordinator)
    assert list(Grade.objects.all()) == [used]
    scales.retire_grade(grade=used, by=coordinator)
    with pytest.raises(Refused, match="This has already been done. Reload the page."):
        scales.retire_grade(grade=used, by=coordinator)
    scales.reinstate_grade(grade=used, by=coordinator)
    assert Grade.objects.get().is_in_use
