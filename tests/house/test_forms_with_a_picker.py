"""Each form that has a picker of records works without a script."""

import pytest
from lxml import html

from servanda.people.access import Role
from servanda.recommendations.editing.indexing import reindex
from servanda.trail.models import Event
from tests import make
from tests.house.addresses import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Each form with a picker: its field, and what else is typed.
FORMS = {
    "desk:add_action": ("answers", {"title": "Build schools"}),
    "desk:answer_recommendations": ("codes", {}),
    "desk:add_indicator": ("records", {"code": "EDU-1", "name": "Children in school"}),
    "desk:link_records": ("records", {"weight": "supporting"}),
    "desk:open_round": ("codes", {"choosing": "1"}),
    "desk:link_recommendations": ("codes", {"relation": "repeats"}),
    "desk:merge_recommendations": ("codes", {}),
    "desk:make_cluster": ("record", {"name": "Schools"}),
    "desk:add_members": ("record", {}),
    "desk:enter_on_behalf": ("codes", {"letter": "12-3", "text": "Done."}),
    "desk:start_update": ("codes", {}),
}


NOT_WRITTEN_BY_COORDINATORS = {"desk:start_update"}


def log_in(client, name: str):
    if name in NOT_WRITTEN_BY_COORDINATORS:
        make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("health"))
    else:
        make.signed_in(client, Role.COORDINATOR)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_each_form_searches_without_a_script_and_keeps_what_was_typed(client, scene_for, name):
    scene = scene_for()
    log_in(client, name)
    field, typed = FORMS[name]
    chosen = make.recommendation("Chosen before.", is_published=True)
    hit = make.recommendation("Protect the zorbatrix.", is_published=True)
    reindex([hit.pk])
    sent = typed | {field: chosen.code, f"{field}_words": "zorbatrix", f"{field}_search": "1"}
    trail = Event.objects.count()
    answer = client.post(ADDRESSES[name].url(name, scene), sent)
    assert answer.status_code == 200
    page = html.fromstring(answer.content)
    boxes = f"//input[@type='checkbox'][@name='{field}']"
    assert page.xpath(f"{boxes}[@checked]/@value") == [chosen.code]
    assert page.xpath(f"{boxes}[not(@checked)]/@value") == [hit.code]
    for key, value in typed.items():
        shown = page.xpath(f"//*[@name='{key}']/@value | //textarea[@name='{key}']/text()")
        shown += page.xpath(f"//select[@name='{key}']/option[@selected]/@value")
        assert value in [text.strip() for text in shown], key
    assert not page.xpath("//*[@role='alert'] | //*[contains(@class, 'field-error')]")
    assert Event.objects.count() == trail


@pytest.mark.parametrize("name", sorted(FORMS))
def test_each_form_names_a_wrong_reference(client, scene_for, name):
    scene = scene_for()
    log_in(client, name)
    field, typed = FORMS[name]
    answer = client.post(ADDRESSES[name].url(name, scene), typed | {field: "XYZ-9"})
    assert answer.status_code == 422
    assert "not visible to you: XYZ-9." in answer.content.decode()
