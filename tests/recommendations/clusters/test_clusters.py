import json

import pytest

from servanda.kit.refusal import Refused
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.clusters.comparing import compare_all, first_texts
from servanda.recommendations.clusters.proposals import draft_of, draw_tree, not_rejected, proposals_of
from servanda.recommendations.clusters.services import propose_cluster_again, reject_cluster_proposal
from servanda.recommendations.models import Cluster, ClusterMember, ClusterTree, Likeness
from servanda.recommendations.search import encoding
from servanda.trail.models import Event
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

DEATH = ("Abolish the death penalty", "Abolish the death penalty for all crimes", "Abolir la peine de mort")
WATER = ("Improve access to clean drinking water in villages", "Improve access to drinking water in villages")


@built_once
def by():
    return make.user("coordinator")


def register():
    death = [make.recommendation(text, language="fr" if "peine" in text else "en") for text in DEATH]
    water = [make.recommendation(text) for text in WATER]
    encoding.encode_missing()
    compare_all()
    draw_tree(death[0].country)
    return death, water


def members(cluster: Cluster) -> set[str]:
    return set(cluster.members.current().values_list("recommendation__code", flat=True))


def proposed(height: float = 0.68) -> list[set[str]]:
    found = proposals_of(ClusterTree.objects.get(), height=height, number=1)
    return [{record.code for record, _text in proposal.lines} for proposal in found.shown]


def test_the_machine_proposes_what_belongs_together_with_a_name_and_sizes():
    death, water = register()
    heights = [height / 100 for height in range(10, 101, 2)]
    wanted = [{record.code for record in death}, {record.code for record in water}]
    assert any(proposed(height) == wanted for height in heights)
    found = proposals_of(ClusterTree.objects.get(), height=0.01, number=1)
    assert (found.page.paginator.count, found.left_alone) == (0, 5)


def test_for_one_record_only_what_is_proposed_with_it_is_shown():
    death, _water = register()
    found = proposals_of(ClusterTree.objects.get(), height=0.68, number=1, beside=death[0])
    assert [death[0] in [record for record, _text in proposal.lines] for proposal in found.shown] == [True]


def test_what_is_in_a_cluster_is_not_proposed_again(by):
    death, _water = register()
    clustering.make_cluster(name="Death penalty", records=death, by=by)
    assert all(not {record.code for record in death} & group for group in proposed(1.0))
    assert Event.objects.latest("pk").action == "cluster-made"


def test_a_cluster_has_a_name_and_two_records_that_are_in_no_other(by):
    one, other, third = (make.recommendation() for _ in range(3))
    with pytest.raises(Refused, match="at least two"):
        clustering.make_cluster(name="Alone", records=[one], by=by)
    with pytest.raises(Refused, match="name"):
        clustering.make_cluster(name="  ", records=[one, other], by=by)
    cluster = clustering.make_cluster(name="Two", records=[one, other], by=by)
    with pytest.raises(Refused, match="already"):
        clustering.make_cluster(name="Again", records=[other, third], by=by)
    clustering.add_members(cluster=cluster, records=[third], by=by)
    assert members(cluster) == {one.code, other.code, third.code}


def test_what_is_taken_out_is_remembered_and_can_be_put_back(by):
    death, _water = register()
    cluster = clustering.make_cluster(name="Death penalty", records=death, by=by)
    clustering.take_out(cluster=cluster, records=[death[0]], by=by)
    assert death[0].code not in members(cluster)
    rejected = Likeness.objects.filter(decision="rejected")
    assert {pair.beside(death[0]).code for pair in rejected} == {death[1].code, death[2].code}
    clustering.put_back(cluster=cluster, records=[death[0]], by=by)
    assert (members(cluster), rejected.all().count()) == ({record.code for record in death}, 0)


def test_what_is_taken_out_is_remembered_although_the_machine_found_the_two_unlike(by):
    records = [make.recommendation(text) for text in ("Build schools", "Abolish torture", "Ratify the Convention")]
    cluster = clustering.make_cluster(name="All sorts", records=records, by=by)
    clustering.take_out(cluster=cluster, records=records[:1], by=by)
    apart = Likeness.objects.filter(decision="rejected", decided_by=by)
    assert set(apart.values_list("one", "other")) == {(records[0].pk, other.pk) for other in records[1:]}
    compare_all()
    assert apart.all().count() == 2
    clustering.put_back(cluster=cluster, records=records[:1], by=by)
    assert not Likeness.objects.exists()


def test_a_rejected_pair_is_not_proposed_together():
    death, water = register()
    Likeness.objects.filter(one__in=water, other__in=water).update(decision="rejected")
    draw_tree(death[0].country)
    assert all(not {record.code for record in water} <= group for height in (0.4, 0.68) for group in proposed(height))


@pytest.mark.parametrize(
    ("rejected", "proposed_now", "is_proposed"),
    [
        ("abcd", "abcd", False),
        ("abcd", "abc", False),
        ("abc", "abcd", False),
        ("abcd", "ab", True),
        ("ab", "abc", True),
        ("abcd", "cdef", True),
    ],
)
def test_what_was_rejected_is_not_proposed_in_nearly_this_shape(by, rejected, proposed_now, is_proposed):
    records = {letter: make.recommendation() for letter in "abcdef"}
    reject_cluster_proposal(records=[records[key] for key in rejected], name="Letters", by=by)
    group = [records[key].pk for key in proposed_now]
    assert not_rejected([group], records["a"].country_id) == ([group] if is_proposed else [])


def test_a_rejection_is_remembered_once_told_in_the_trail_and_leaves_the_pairs_alike(by):
    death, _water = register()
    alike = list(Likeness.objects.values("one", "other", "decision"))
    rejected = reject_cluster_proposal(records=death, name="", by=by)
    event = Event.objects.latest("pk")
    assert (event.action, event.actor) == ("cluster-rejected", by)
    assert all(record.code in event.difference for record in death)
    with pytest.raises(Refused, match="already"):
        reject_cluster_proposal(records=death, name="Again", by=by)
    with pytest.raises(Refused, match="at least two"):
        reject_cluster_proposal(records=death[:1], name="One", by=by)
    assert list(Likeness.objects.values("one", "other", "decision")) == alike
    propose_cluster_again(rejected=rejected, by=by)
    assert Event.objects.latest("pk").action == "cluster-proposed-again"
    with pytest.raises(Refused, match="already"):
        propose_cluster_again(rejected=rejected, by=by)


def test_clusters_are_split_moved_together_and_restored(by):
    records = [make.recommendation() for _ in range(4)]
    whole = clustering.make_cluster(name="Whole", records=records, by=by)
    part = clustering.split_cluster(cluster=whole, records=records[:2], name="Part", by=by)
    assert (members(whole), members(part)) == (
        {record.code for record in records[2:]},
        {record.code for record in records[:2]},
    )
    clustering.move_members(cluster=part, records=records[:2], to=whole, by=by)
    part.refresh_from_db()
    assert part.dissolved_at is not None
    assert members(whole) == {record.code for record in records}
    clustering.dissolve_cluster(cluster=whole, by=by)
    again = clustering.make_cluster(name="Again", records=records[:2], by=by)
    clustering.restore_cluster(cluster=whole, by=by)
    assert (members(whole), members(again)) == (
        {record.code for record in records[2:]},
        {record.code for record in records[:2]},
    )


@pytest.mark.parametrize("deed", ["split", "move", "take out"])
def test_what_somebody_moved_meanwhile_is_not_put_into_a_second_cluster(by, deed):
    first, second, third, fourth, fifth = records = [make.recommendation() for _ in range(5)]
    cluster = clustering.make_cluster(name="Ours", records=records[:3], by=by)
    elsewhere = clustering.make_cluster(name="Theirs", records=[fourth, fifth], by=by)
    clustering.move_members(cluster=cluster, records=[first], to=elsewhere, by=by)
    if deed == "split":
        clustering.split_cluster(cluster=cluster, records=[first, second], name="Apart", by=by)
    elif deed == "move":
        to = clustering.make_cluster(name="To", records=[make.recommendation() for _ in range(2)], by=by)
        clustering.move_members(cluster=cluster, records=[first, second], to=to, by=by)
    else:
        clustering.take_out(cluster=cluster, records=[first, second], by=by)
    inside = ClusterMember.objects.current().values_list("recommendation", flat=True)
    assert len(inside) == len(set(inside))
    assert members(cluster) == {third.code}
    assert first.code in members(elsewhere)
    assert first.code not in str(Event.objects.latest("pk").difference)


def test_the_draft_cites_a_record_for_each_sentence():
    death, _water = register()
    draft = draft_of(death, first_texts(death))
    assert {line.record.code for line in draft} <= {record.code for record in death}
    assert all(line.sentence in DEATH for line in draft)
    assert [line.language for line in draft] == [line.record.language for line in draft]
    assert draft


def lines_since(number: int) -> list[tuple[str, str, dict]]:
    """What the trail says since an entry: the deed, the cluster, and what changed."""
    events = Event.objects.filter(sequence__gt=number).order_by("sequence")
    return [(event.action, event.object_id, json.loads(event.difference or "{}")) for event in events]


def test_each_deed_on_a_cluster_leaves_its_line_in_the_trail(by):
    first, second, third, fourth = records = [make.recommendation() for _ in range(4)]
    codes = [record.code for record in records]
    cluster = clustering.make_cluster(name="Ours", records=records[:2], by=by)
    other = clustering.make_cluster(name="Theirs", records=records[2:], by=by)
    key = str(cluster.pk)

    def told(deed, **given) -> list[tuple[str, str, dict]]:
        before = Event.objects.latest("sequence").sequence
        deed(cluster=cluster, by=by, **given)
        return lines_since(before)

    assert told(clustering.rename_cluster, name="Schools") == [
        ("cluster-renamed", key, {"name": ["Ours", "Schools"]})
    ]
    assert told(clustering.take_out, records=[first]) == [("cluster-changed", key, {"members": [codes[0], ""]})]
    assert told(clustering.put_back, records=[first]) == [("cluster-changed", key, {"members": ["", codes[0]]})]
    assert told(clustering.pin_members, records=[first], is_pinned=True) == [
        ("cluster-changed", key, {"pinned": ["", codes[0]]})
    ]
    assert told(clustering.pin_members, records=[first], is_pinned=False) == [
        ("cluster-changed", key, {"pinned": [codes[0], ""]})
    ]
    clustering.take_out(cluster=other, records=[fourth], by=by)
    assert told(clustering.add_members, records=[fourth]) == [("cluster-changed", key, {"members": ["", codes[3]]})]
    assert told(clustering.move_members, records=[fourth], to=other) == [
        ("cluster-changed", key, {"members": [codes[3], ""]}),
        ("cluster-changed", str(other.pk), {"members": ["", codes[3]]}),
    ]
    [left, made] = told(clustering.split_cluster, records=[second], name="Apart")
    assert left == ("cluster-changed", key, {"members": [codes[1], ""]})
    assert (made[0], made[2]) == ("cluster-made", {"members": ["", codes[1]]})
    assert made[1] not in (key, str(other.pk))
    assert told(clustering.dissolve_cluster) == [("cluster-dissolved", key, {})]
    assert told(clustering.restore_cluster) == [("cluster-restored", key, {})]
    assert {event.actor_id for event in Event.objects.filter(action__startswith="cluster-")} == {by.pk}
