import pytest
from django.urls import reverse

from servanda.people.models import Instance
from servanda.recommendations.models import Cluster, ClusterTree
from servanda.recommendations.proposals import draw_tree
from servanda.recommendations.services import clustering, encoding
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster():
    records = [
        make.recommendation(f"Abolish the death penalty {words}") for words in ("now", "for all crimes", "in law")
    ]
    return clustering.make_cluster(name="Death penalty", records=records, by=make.user("administrator"))


def codes(cluster: Cluster) -> list[str]:
    return sorted(cluster.members.current().values_list("recommendation__code", flat=True))


def post(client, deed_on: str, cluster: Cluster, **what):
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
    post(client, "change_members", alone, deed="move", record=[first], to="Death penalty")
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
    assert "Draft paragraph" in page
    assert 'value="take-out"' not in page


def test_the_register_is_narrowed_to_a_cluster_for_those_who_read_everything(client, cluster):
    other = make.recommendation("Build schools")
    address = reverse("desk:register") + f"?cluster={cluster.key}"
    client.force_login(make.user("coordinator"))
    page = client.get(address)
    assert page.context["listing"].page.total == 3
    client.force_login(make.user("reader"))
    assert client.get(address).context["listing"].page.total == 4
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
    given = {"name": "Death penalty", "record": [record.code for record in records]}
    client.post(reverse("desk:make_cluster"), given)
    assert codes(Cluster.objects.get()) == sorted(record.code for record in records)


@pytest.mark.parametrize("cut", ["nan", "abc", "-1", "9"])
def test_a_cut_that_is_no_height_is_answered_with_the_usual_or_the_nearest(client, cut):
    draw_tree(make.recommendation().country)
    client.force_login(make.user("coordinator"))
    assert client.get(reverse("desk:cluster_proposals"), {"cut": cut}).status_code == 200
