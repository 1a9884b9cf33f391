"""What is planned for a cluster and reported on it counts for the records in it, and tells no one of the others."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.planning.actions import answering
from servanda.planning.actions.for_record import planned_for
from servanda.planning.actions.listing import ActionFilter, find_actions, with_row_facts
from servanda.planning.models import Action, ActionCluster
from servanda.progress import merging as progress_merging
from servanda.progress.evidence.services import Described, add_link
from servanda.progress.models import Evidence, Update, UpdateCluster
from servanda.progress.records.columns import columns_for
from servanda.progress.records.facets import progress_facets
from servanda.progress.records.lifecycle import steps_of, with_milestones
from servanda.progress.updates import letters
from servanda.progress.updates import services as updating
from servanda.progress.updates.last_updates import with_last_update
from servanda.progress.updates.permissions import records_to_write_on
from servanda.progress.updates.queries import published_on, reported_on
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Recommendation
from tests import actions_make, make, progress_make
from tests.house.answers import source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db

NAME = "Heron of the ministry"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def records():
    return [make.recommendation() for _number in range(3)]


@built_once
def secret():
    return make.recommendation(confidentiality="restricted", is_published=False)


@built_once
def cluster(records, secret, coordinator):
    return clustering.make_cluster(name=NAME, records=[*records[:2], secret], by=coordinator)


@built_once
def action(cluster, coordinator):
    made = actions_make.action(lead=make.institution("health"), is_published=True)
    answering.answer_cluster(action=made, cluster=cluster, by=coordinator)
    return made


@built_once
def update(cluster, coordinator):
    words = progress_make.SAID | progress_make.LETTER
    about = {"institution": make.institution("health"), "recommendations": [], "cluster": cluster}
    entered = letters.enter_on_behalf(**about, **words, by=coordinator)
    return updating.publish_update(update=entered, by=make.user(Role.COORDINATOR))


def found_by(user, key: str, value: str = "with") -> set[Recommendation]:
    facets = {
        progress_facet.key: progress_facet
        for progress_facet in progress_facets(audience_of(user), user, on=timezone.localdate())
    }
    return set(Recommendation.objects.visible_to(user).filter(facets[key].sets[value]))


@pytest.mark.database
def test_an_action_on_a_cluster_answers_the_records_in_it_as_it_is_made_up_now(action, cluster, records, coordinator):
    today = timezone.localdate()
    first, second, third = records
    assert [(row, row.is_through, row.cluster_name) for row, _late in planned_for(first, coordinator, on=today)] == [
        (action, True, NAME)
    ]
    assert planned_for(third, coordinator, on=today) == []
    assert found_by(coordinator, "action") == {first, second}
    carried = columns_for(audience_of(coordinator), coordinator).read([record.pk for record in records])
    assert [carried.get(record.pk, {}).get("actions") for record in records] == [1, 1, None]
    stations = steps_of(with_milestones(Recommendation.objects.all(), reader=coordinator).get(pk=second.pk))
    assert [station.on for station in stations if station.label == "Planned"] == [today]
    clustering.add_members(cluster=cluster, records=[third], by=coordinator)
    clustering.take_out(cluster=cluster, records=[first], by=coordinator)
    assert found_by(coordinator, "action") == {second, third}
    clustering.dissolve_cluster(cluster=cluster, by=coordinator)
    assert found_by(coordinator, "action") == set()
    clustering.restore_cluster(cluster=cluster, by=coordinator)
    assert found_by(coordinator, "action") == {second, third}


@pytest.mark.database
def test_an_action_counts_once_when_it_names_a_record_of_its_cluster(action, records, coordinator):
    answering.answer_recommendations(action=action, recommendations=records[:1], by=coordinator)
    [(shown, _late)] = planned_for(records[0], coordinator, on=timezone.localdate())
    assert not shown.is_through
    text = columns_for(audience_of(coordinator), coordinator).read([records[0].pk])
    assert text[records[0].pk]["actions"] == 1
    [row] = with_row_facts(find_actions(coordinator, ActionFilter(), on=timezone.localdate()), coordinator)
    assert row.answered == 2


def test_a_text_on_a_cluster_is_read_at_each_record_in_it(update, records, secret, coordinator):
    first, _second, third = records
    [shown] = reported_on(first, coordinator).published
    assert (shown, shown.is_through, shown.cluster_name) == (update, True, NAME)
    assert [row.pk for row in published_on(first).published] == [update.pk]
    assert reported_on(third, coordinator).published == []
    assert found_by(coordinator, "update") == set(records[:2])
    told = {row: row.last_update for row in with_last_update(Recommendation.objects.all())}
    assert told == {**dict.fromkeys(records[:2], update.published_at), third: None, secret: None}


def test_nothing_reaches_a_restricted_record_through_a_cluster(action, update, secret, coordinator):
    assert planned_for(secret, coordinator, on=timezone.localdate()) == []
    assert reported_on(secret, coordinator).published == []


@pytest.mark.database
def test_a_hidden_record_in_a_cluster_changes_nothing_for_others(client, action, update, cluster, records, secret):
    reader = make.signed_in(client)
    pages = [reverse("desk:action", args=[action.code]), reverse("desk:update", args=[update.pk])]
    pages += [
        reverse("desk:record_follow_up", args=[records[0].code]),
        reverse("portal:recommendation", args=[records[0].code]),
    ]
    before = [client.get(page).content.decode() for page in pages]
    assert all("Heron" not in page and secret.code not in page for page in before)
    assert records[1].code in before[0]  # whoever sees the record learns that the action answers it
    cluster.members.filter(recommendation=secret).delete()
    after = [client.get(page).content.decode() for page in pages]
    assert [without_tokens(page) for page in after] == [without_tokens(page) for page in before]
    assert Action.objects.visible_to(reader).get() == action


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line]


def test_what_serves_only_hidden_records_through_a_cluster_is_hidden(coordinator, secret):
    closed = make.recommendation(confidentiality="restricted")
    cluster = clustering.make_cluster(name=NAME, records=[secret, closed], by=coordinator)
    hidden = actions_make.action()
    answering.answer_cluster(action=hidden, cluster=cluster, by=coordinator)
    written = progress_make.update(None, state="published")
    UpdateCluster.objects.create(update=written, cluster=cluster)
    reader = make.user()
    assert not Action.objects.visible_to(reader).filter(pk=hidden.pk).exists()
    assert not Update.objects.visible_to(reader).filter(pk=written.pk).exists()
    assert not Update.objects.public().filter(pk=written.pk).exists()


def test_only_who_sees_clusters_names_one(client, action, cluster, records):
    lead = make.institution("health")
    person = make.user(name="Fred")
    make.appointment(person, lead)
    other = actions_make.action(lead=lead)
    with pytest.raises(Refused, match="This cluster no longer exists. Choose another one, or"):
        answering.answer_cluster(action=other, cluster=cluster, by=person)
    client.force_login(person)
    answer = client.post(reverse("desk:answer_recommendations", args=[other.code]), {"cluster": str(cluster.key)})
    assert answer.status_code == 422
    assert not other.cluster_answers.exists()
    # Its institution may write on what its action reaches.
    assert set(records_to_write_on(lead, person)) == set(records[:2])


def test_whoever_writes_is_offered_what_was_put_together_and_no_cluster(client, cluster, records, secret):
    place = make.institution("health")
    person = make.user()
    make.appointment(person, place)
    for record in (records[0], records[1]):
        make.assignment(record, place)
    draft = progress_make.update(records[0], place, written_by=person)
    client.force_login(person)
    page = client.get(reverse("desk:save_update", args=[draft.pk])).content.decode()
    assert f"{records[1].code} (similar)" in page
    assert secret.code not in page
    assert "Heron" not in page


def test_a_split_and_a_merge_of_clusters_take_along_what_was_planned_and_reported(
    action, update, cluster, records, coordinator
):
    apart = progress_merging.split_cluster(cluster=cluster, records=records[:1], name="Apart", by=coordinator)
    assert found_by(coordinator, "action") == found_by(coordinator, "update") == set(records[:2])
    other = make.recommendation()
    larger = clustering.make_cluster(name="Larger", records=[other, records[2]], by=coordinator)
    progress_merging.move_members(cluster=apart, records=records[:1], to=larger, by=coordinator)
    assert found_by(coordinator, "action") == found_by(coordinator, "update") == {*records, other}


def test_merged_records_keep_what_came_through_a_cluster_and_give_it_back(action, update, records, coordinator):
    progress_merging.merge_recommendations(into=records[2], others=records[:1], by=coordinator)
    assert records[2] in found_by(coordinator, "action") & found_by(coordinator, "update")
    merged = Recommendation.objects.get(pk=records[0].pk)
    progress_merging.unmerge_recommendation(recommendation=merged, by=coordinator)
    assert records[2] not in found_by(coordinator, "action") | found_by(coordinator, "update")


@pytest.mark.database
def test_a_cluster_is_taken_off_and_put_back_by_one_press(client, action, update, cluster, records, coordinator):
    client.force_login(coordinator)
    assert NAME in client.get(reverse("desk:cluster", args=[cluster.key])).content.decode()
    for name, thing in (("answer_cluster", action.code), ("show_on_cluster", update.pk)):
        end = {"answer_cluster": "stop_answering_cluster", "show_on_cluster": "unlink_update"}[name]
        answer = client.post(reverse(f"desk:{end}", args=[thing, cluster.key]), follow=True)
        undo = reverse(f"desk:{name}", args=[thing, cluster.key])
        if name == "answer_cluster":
            assert undo in answer.content.decode()
            assert not ActionCluster.objects.exists()
            client.post(undo)
            assert ActionCluster.objects.exists()
    # A published text that spoke of nothing else stays where it is.
    assert UpdateCluster.objects.filter(update=update).exists()


@pytest.mark.database
def test_evidence_of_a_text_on_a_cluster_alone_is_for_those_inside_and_the_page_says_so(
    client, update, records, coordinator
):
    described = {"described": Described(kind="law", shows="process", is_public=True), "by": coordinator}
    alone = add_link(link="https://example.org/alone", recommendations=[], **described, update=update)
    named = add_link(link="https://example.org/named", recommendations=records[:1], **described, update=update)
    assert list(Evidence.objects.public()) == [named]
    client.force_login(coordinator)
    page = source_of(client.get(update.get_absolute_url()))
    text = "internal: not linked to a record"
    places = [page.index(f">{evidence.title}</bdi> <span") for evidence in (alone, named)]
    assert page[places[0] : places[1]].count(text) == 1
    assert text not in page[places[1] :]
    client.logout()
    public = client.get(reverse("portal:recommendation", args=[records[0].code])).content.decode()
    assert ("example.org/named" in public, "example.org/alone" in public) == (True, False)
