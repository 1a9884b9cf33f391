import re

import pytest
from django.urls import reverse
from lxml import html

from servanda.people.models import Instance
from servanda.planning.models import Action
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.clusters.choices import MOST_OFFERED
from servanda.recommendations.clusters.proposals import draw_tree
from servanda.recommendations.models import Cluster, ClusterTree, RejectedProposal
from servanda.recommendations.search import encoding
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def cluster():
    records = [
        make.recommendation(f"Abolish the death penalty {words}") for words in ("now", "for all crimes", "in law")
    ]
    return clustering.make_cluster(name="Death penalty", records=records, by=make.user("administrator"))


def codes(cluster: Cluster) -> list[str]:
    return sorted(cluster.members.current().values_list("recommendation__code", flat=True))


def post(client, deed_on: str, cluster: Cluster, /, **what):
    return client.post(reverse(f"desk:{deed_on}", args=[cluster.key]), what, follow=True)


def test_a_coordinator_changes_a_cluster_and_takes_all_of_it_back(client, cluster):
    client.force_login(make.user("coordinator"))
    first, *rest = codes(cluster)
    post(client, "change_members", cluster, deed="take-out", record=[first])
    assert codes(cluster) == rest
    page = post(client, "change_members", cluster, deed="put-back", record=[first])
    assert codes(cluster) == [first, *rest]
    assert "Death penalty" in page.content.decode()
    post(client, "change_members", cluster, deed="pin", record=[first])
    assert cluster.members.get(is_pinned=True).recommendation.code == first
    post(client, "change_members", cluster, deed="split", record=[first], name="Alone")
    alone = Cluster.objects.get(name="Alone")
    assert codes(alone) == [first]
    post(client, "change_members", alone, deed="move", record=[first], cluster=str(cluster.key))
    assert codes(cluster) == [first, *rest]
    gone = post(client, "dissolve_cluster", cluster)
    assert reverse("desk:restore_cluster", args=[cluster.key]) in gone.content.decode()
    post(client, "restore_cluster", cluster)
    post(client, "rename_cluster", cluster, name="Capital punishment")
    cluster.refresh_from_db()
    assert (cluster.name, cluster.dissolved_at, len(codes(cluster))) == ("Capital punishment", None, 3)


def test_the_page_of_a_cluster_tells_its_records_and_a_draft(client, cluster):
    encoding.encode_missing()
    client.force_login(make.user("auditor"))
    page = client.get(cluster.get_absolute_url()).content.decode()
    assert all(code in page for code in codes(cluster))
    assert '<span lang="en">' in page.partition("Draft paragraph")[2]
    assert 'value="take-out"' not in page


def test_the_register_is_narrowed_to_a_cluster_for_those_who_read_everything(client, cluster):
    other = make.recommendation("Build schools")
    address = reverse("desk:register") + f"?cluster={cluster.key}"
    client.force_login(make.user("coordinator"))
    page = client.get(address)
    assert page.context["listing"].page.paginator.count == 3
    client.force_login(make.user("reader"))
    assert client.get(address).context["listing"].page.paginator.count == 4
    assert client.get(cluster.get_absolute_url()).status_code == 403
    assert other.code in client.get(address).content.decode()


def test_a_proposal_becomes_a_cluster_when_a_person_says_so(client):
    records = [make.recommendation("Abolish the death penalty") for _ in range(2)]
    make.recommendation("Build a hospital in each of the northern districts")
    encoding.encode_missing()
    client.force_login(make.user("coordinator"))
    assert ClusterTree.objects.count() == 0
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN"})
    assert client.get(reverse("desk:cluster_proposals")).status_code == 200
    draw_tree(records[0].country)
    page = client.get(reverse("desk:cluster_proposals") + "?cut=0.6").content.decode()
    assert all(f'value="{record.code}" checked' in page for record in records)
    assert len(re.findall(r'<bdi\s+lang="en">', page)) == page.count("<legend>") > 0  # named in words of its texts
    given = {"name": "Death penalty", "record": [record.code for record in records]}
    client.post(reverse("desk:make_cluster"), given)
    assert codes(Cluster.objects.get()) == sorted(record.code for record in records)


def test_a_proposal_is_rejected_whatever_is_ticked_and_proposed_again_when_that_is_taken_back(client):
    records = [make.recommendation("Abolish the death penalty") for _ in range(3)]
    encoding.encode_missing()
    client.force_login(make.user("coordinator", name="Cora Coordinator"))
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN"})
    draw_tree(records[0].country)
    address = reverse("desk:cluster_proposals") + "?cut=0.6"
    codes_of_all = " ".join(record.code for record in records)
    assert re.search(rf'name="whole"\s+value="{codes_of_all} "', client.get(address).content.decode())
    given = {"name": "Death penalty", "record": [records[0].code], "whole": codes_of_all}
    page = client.post(reverse("desk:reject_cluster_proposal"), given, follow=True)
    rejected = RejectedProposal.objects.get()
    again = reverse("desk:propose_cluster_again", args=[rejected.key])
    assert f'action="{again}"' in page.content.decode()
    page = client.get(address)
    assert (page.context["proposals"].shown, page.context["proposals"].rejected) == ([], 1)
    text = client.get(reverse("desk:rejected_proposals")).content.decode()
    assert all(word in text for word in ("Death penalty", "Cora Coordinator", again, *codes_of_all.split()))
    client.post(again)
    assert len(client.get(address).context["proposals"].shown) == 1
    assert again not in client.get(reverse("desk:rejected_proposals")).content.decode()


def test_of_two_clusters_with_one_name_records_move_into_the_one_that_was_chosen(client, cluster):
    client.force_login(make.user("coordinator"))
    same_name = [
        clustering.make_cluster(
            name="Water", records=[make.recommendation() for _ in range(2)], by=make.user("administrator")
        )
        for _ in range(2)
    ]
    first, *_rest = codes(cluster)
    page = client.get(cluster.get_absolute_url()).content.decode()
    assert all(f'value="{candidate.key}"' in page for candidate in same_name)
    post(client, "change_members", cluster, deed="move", record=[first], cluster=str(same_name[1].key))
    assert [first in codes(candidate) for candidate in same_name] == [False, True]
    told = post(client, "change_members", cluster, deed="move", record=codes(cluster), cluster="Water")
    assert "Select one of the clusters in the list." in told.content.decode()


@built_once
def many(cluster):
    """More than are offered at once."""
    by, made = make.user("administrator"), []
    for number in range(MOST_OFFERED + 5):
        records = [make.recommendation(f"Build {what} {number}") for what in ("school", "college")]
        made.append(clustering.make_cluster(name=f"Schools {number:02}", records=records, by=by))
    return made


def offered(page) -> list[str]:
    options = html.fromstring(page.content).xpath("//select[@name='cluster']/option[@value != '']")
    return [" ".join(option.text_content().split()).partition(" (")[0] for option in options]


def test_of_many_clusters_twenty_are_offered_and_the_nearest_stand_first(client, cluster, many):
    near = [make.recommendation(f"Abolish the death penalty in {when}") for when in ("wartime", "time of peace")]
    clustering.make_cluster(name="Zzz wartime", records=near, by=make.user("administrator"))
    client.force_login(make.user("coordinator"))
    assert offered(client.get(cluster.get_absolute_url()))[0] == "Schools 00"  # nothing has been compared yet
    encoding.encode_missing()
    names = offered(client.get(cluster.get_absolute_url()))
    assert (len(names), names[0]) == (MOST_OFFERED, "Zzz wartime")


def test_words_bring_other_clusters_and_what_was_ticked_stays(client, cluster, many):
    client.force_login(make.user("coordinator"))
    first, *rest = codes(cluster)
    data = {"deed": "move", "record": [first], "cluster_words": "SCHOOL 2"}
    page = post(client, "change_members", cluster, **data)
    assert page.status_code == 422
    assert offered(page) == ["Schools 20", "Schools 21", "Schools 22", "Schools 23", "Schools 24"]
    text = page.content.decode()
    assert html.fromstring(page.content).xpath("//*[@aria-invalid='true']/@name") == ["cluster"]
    assert "Help with this page" in text
    ticked = html.fromstring(page.content).xpath("//input[@name='record'][@checked]/@value")
    assert ticked == [first]
    data |= {"cluster": str(many[23].key), "cluster_asked": "SCHOOL 2"}
    post(client, "change_members", cluster, **data)
    assert (codes(cluster), first in codes(many[23])) == (rest, True)


def test_no_browser_asks_for_another_cluster_before_words_or_another_deed_are_sent(client, cluster, many):
    client.force_login(make.user("coordinator"))
    page = html.fromstring(client.get(cluster.get_absolute_url()).content)
    assert page.xpath("//select[@name='cluster']")
    assert not page.xpath("//select[@name='cluster'][@required]")
    assert page.xpath("//form[.//select[@name='cluster']]/@novalidate")


def test_a_name_typed_whole_needs_no_choice_and_a_reference_finds_the_cluster_of_its_record(client, cluster, many):
    client.force_login(make.user("coordinator"))
    reference, _other = codes(many[24])
    first, second, _third = codes(cluster)
    page = post(client, "change_members", cluster, deed="move", record=[first], cluster_words=reference)
    assert offered(page)[0] == "Schools 24"
    post(client, "change_members", cluster, deed="move", record=[second], cluster_words="schools 07")
    assert second in codes(many[7])


@pytest.mark.parametrize("words", ["Cathedrals", "𝕏" * 300, "%", "' OR 1=1"])
def test_words_that_no_cluster_has_are_answered_with_a_sentence(client, cluster, many, words):
    client.force_login(make.user("coordinator"))
    before = codes(cluster)
    page = post(client, "change_members", cluster, deed="move", record=before, cluster_words=words)
    assert offered(page) == []
    assert "No cluster found. Enter other words of its name, or the" in page.content.decode()
    assert codes(cluster) == before


def test_forms_of_actions_offer_twenty_clusters_and_keep_what_was_typed_while_one_looks_for_others(
    client, cluster, many
):
    client.force_login(make.user("coordinator"))
    assert len(offered(client.get(reverse("desk:add_action")))) == MOST_OFFERED
    typed = {"title": "Build a school", "cluster_words": "school 1"}
    page = client.post(reverse("desk:add_action"), typed)
    assert offered(page) == [f"Schools {number}" for number in range(10, 20)]
    assert 'value="Build a school"' in page.content.decode()
    assert not Action.objects.exists()
    data = {"cluster": str(many[12].key), "cluster_asked": "school 1"}
    lead = make.institution("education").pk
    client.post(reverse("desk:add_action"), typed | data | {"lead": lead, "status": "planned"})
    assert list(Action.objects.get().clusters.all()) == [many[12]]


def test_who_typed_words_and_chose_none_of_the_clusters_found_is_asked_again(client, cluster, many):
    client.force_login(make.user("coordinator"))
    typed = {"title": "Build a school", "cluster_words": "school", "cluster_asked": "school"}
    page = client.post(
        reverse("desk:add_action"), typed | {"lead": make.institution("education").pk, "status": "planned"}
    )
    assert set(page.context["form"].errors) == {"cluster"}
    assert not Action.objects.exists()


def test_the_cluster_from_whose_page_one_comes_is_chosen_though_it_is_far_down(client, cluster, many):
    client.force_login(make.user("coordinator"))
    page = client.get(reverse("desk:add_action"), {"cluster": str(many[24].key)})
    chosen = html.fromstring(page.content).xpath("//select[@name='cluster']/option[@selected]/@value")
    assert chosen == [str(many[24].key)]


def test_records_are_searched_and_added_on_a_page_of_their_own(client, cluster):
    client.force_login(make.user("coordinator"))
    added = [make.recommendation().code for _ in range(3)]
    post(client, "add_members", cluster, record=added)
    assert len(codes(cluster)) == 6


def test_a_cluster_of_chosen_records_keeps_its_name_when_it_is_refused(client):
    client.force_login(make.user("coordinator"))
    answer = client.post(reverse("desk:make_cluster"), {"name": "Water", "record": make.recommendation().code})
    assert answer.status_code == 422
    assert 'value="Water"' in answer.content.decode()
    assert not Cluster.objects.exists()


@pytest.mark.parametrize("cut", ["nan", "abc", "-1", "9"])
def test_a_cut_that_is_no_height_is_answered_with_the_usual_or_the_nearest(client, cut):
    draw_tree(make.recommendation().country)
    client.force_login(make.user("coordinator"))
    assert client.get(reverse("desk:cluster_proposals"), {"cut": cut}).status_code == 200
