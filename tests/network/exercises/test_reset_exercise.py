"""Reset an exercise: the own work is taken back, with undo in a demonstration and a preview elsewhere, and nothing of
others."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.network.exercises import services
from servanda.network.exercises.work import pieces_of
from servanda.network.models import ExerciseStart
from servanda.people.models import Instance
from servanda.planning.assignments.services import assign_institutions, current_on, end_assignment, mark
from servanda.planning.models import Assignment
from servanda.recommendations.clusters import services as clusters
from servanda.recommendations.models import Cluster, Recommendation
from servanda.reporting.models import Report
from servanda.reporting.reports.services import withdraw_report
from servanda.trail.models import Event
from tests import make, reports_make
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    Instance.objects.create(pk=1, is_demonstration=True)
    return make.signed_in(client, "coordinator")


@pytest.fixture
def other(db):
    return make.user("coordinator")


def start(code: str, by) -> None:
    services.start_exercise(exercise=code, by=by)
    ExerciseStart.objects.update(started_at=timezone.now() - timedelta(minutes=5))


def reset(code: str, by) -> services.Reset:
    started = ExerciseStart.objects.get(person=by, exercise=code).started_at
    keys = [piece.key for piece in pieces_of(code, by, started)]
    return services.reset_exercise(exercise=code, keys=keys, by=by)


def cluster(by, name: str = "Shelters") -> Cluster:
    records = [make.recommendation(f"Open shelters {name} {number}.") for number in range(2)]
    return clusters.make_cluster(name=name, records=records, by=by)


def assign(record: Recommendation, institution, by) -> None:
    terms = {"since": date(2026, 1, 1), "due_on": None, "note": "", "seen": mark(current_on(record))}
    assign_institutions(recommendation=record, lead=institution, supporting=[], by=by, **terms)


def leads(record: Recommendation) -> list[str]:
    return [str(row.institution) for row in Assignment.objects.current().filter(recommendation=record)]


def test_own_clusters_are_dissolved_and_the_steps_start_again(me, other):
    before = cluster(me, "Before")
    Event.objects.update(at=timezone.now() - timedelta(days=1))
    start("cluster", me)
    mine, of_other = cluster(me, "Mine"), cluster(other, "Theirs")
    outcome = reset("cluster", me)
    assert outcome.done == ["The cluster “Mine” is dissolved."]
    kept = set(Cluster.objects.filter(dissolved_at=None))
    assert kept == {before, of_other}
    assert mine not in kept
    assert ExerciseStart.objects.get().started_at > timezone.now() - timedelta(minutes=1)
    assert Event.objects.filter(action="exercise-reset", actor=me).exists()


def test_a_cluster_on_which_another_person_has_worked_stays(me, other):
    start("cluster", me)
    mine = cluster(me)
    clusters.rename_cluster(cluster=mine, name="Homes", by=other)
    outcome = reset("cluster", me)
    assert (outcome.done, outcome.left[0][1]) == ([], "Another user has worked on it since.")
    assert Cluster.objects.get().dissolved_at is None


def test_the_former_lead_institution_is_assigned_again(me, other):
    record = make.recommendation()
    justice, labour = make.institution("moj", name="Justice"), make.institution("mol", name="Labour")
    assign(record, justice, other)
    Assignment.objects.update(assigned_at=timezone.now() - timedelta(days=1))
    start("assign", me)
    assign(record, labour, me)
    assert leads(record) == ["Labour"]
    outcome = reset("assign", me)
    assert leads(record) == ["Justice"]
    assert outcome.done == [f"{record.code}: the assignment ends: Labour. Assigned again: Justice."]


def test_an_own_assignment_that_was_ended_leaves_nothing_to_take_back(me):
    record = make.recommendation()
    start("assign", me)
    assign(record, make.institution("moj"), me)
    end_assignment(assignment=Assignment.objects.get(), reason="Exercise.", by=me)
    assert reset("assign", me).done == []


def test_an_assignment_that_another_person_replaced_since_stays(me, other):
    record = make.recommendation()
    start("assign", me)
    assign(record, make.institution("moj", name="Justice"), me)
    make_supporting(record, other)
    assert len(reset("assign", me).left) == 1
    assert "Justice" in leads(record)


def make_supporting(record: Recommendation, by) -> None:
    terms = {"since": date(2026, 1, 1), "due_on": None, "note": "", "seen": mark(current_on(record))}
    assign_institutions(
        recommendation=record, lead=None, supporting=[make.institution("mol", name="Labour")], by=by, **terms
    )


def test_an_import_that_is_not_applied_is_discarded(me, other):
    start("import", me)
    mine = Batch.objects.create(name="review.xlsx", sha256="1", created_by=me, state=Batch.State.PREVIEWED)
    theirs = Batch.objects.create(name="other.xlsx", sha256="2", created_by=other, state=Batch.State.PREVIEWED)
    for batch, by in ((mine, me), (theirs, other)):
        Event.record("import-received", batch, by=by)
    assert reset("import", me).done == ["The file review.xlsx is discarded."]
    states = dict(Batch.objects.values_list("name", "state"))
    assert states == {"review.xlsx": "discarded", "other.xlsx": "previewed"}


def test_an_applied_import_is_undone(me):
    start("import", me)
    mine = Batch.objects.create(name="review.xlsx", sha256="1", created_by=me)
    Batch.objects.update(state=Batch.State.APPLIED, applied_at=timezone.now())
    Event.record("import-received", mine, by=me)
    assert reset("import", me).done == ["The import of review.xlsx is undone."]
    mine.refresh_from_db()
    assert mine.state == "undone"


def press_reset(client, code: str) -> str:
    page = source_of(client.get(reverse("desk:exercise", args=[code])))
    address = reverse("desk:reset_exercise", args=[code])
    assert f'<form method="post" action="{address}">' in page
    return source_of(client.post(address, follow=True))


def press_undo(client, code: str, page: str) -> str:
    undo = reverse("desk:undo_reset", args=[code])
    assert undo in page
    return source_of(client.post(undo, follow=True))


def test_in_a_demonstration_one_press_resets_and_one_undoes_it(client, me, other):
    start("cluster", me)
    one, three = cluster(me, "One"), cluster(me, "Three")
    clusters.rename_cluster(cluster=three, name="Three and more", by=other)
    page = press_reset(client, "cluster")
    assert "The exercise was reset. The cluster “One” is dissolved." in page
    assert "Another user has worked on it since." in page
    assert set(Cluster.objects.filter(dissolved_at=None)) == {three}
    page = press_undo(client, "cluster", page)
    assert "The reset was undone." in page
    assert set(Cluster.objects.filter(dissolved_at=None)) == {one, three}
    assert ExerciseStart.objects.get().started_at < timezone.now() - timedelta(minutes=4)
    assert "started again since" in press_undo(client, "cluster", reverse("desk:undo_reset", args=["cluster"]))


def test_undoing_a_reset_assigns_what_the_exercise_assigned(client, me, other):
    record = make.recommendation()
    justice, labour = make.institution("moj", name="Justice"), make.institution("mol", name="Labour")
    assign(record, justice, other)
    Assignment.objects.update(assigned_at=timezone.now() - timedelta(days=1))
    start("assign", me)
    assign(record, labour, me)
    page = press_reset(client, "assign")
    assert leads(record) == ["Justice"]
    press_undo(client, "assign", page)
    assert leads(record) == ["Labour"]
    press_reset(client, "assign")
    assert leads(record) == ["Justice"]


def test_undoing_a_reset_restores_reports_unless_the_exercise_was_started_again(client, me):
    start("report", me)
    reports_make.report(me)
    page = press_reset(client, "report")
    assert Report.objects.get().withdrawn_at is not None
    press_undo(client, "report", page)
    assert Report.objects.get().withdrawn_at is None
    page = press_reset(client, "report")
    services.start_exercise(exercise="report", by=me)
    assert "started again since" in press_undo(client, "report", page)
    assert Report.objects.get().withdrawn_at is not None


def test_an_import_that_was_undone_is_not_offered_to_be_restored(client, me):
    start("import", me)
    mine = Batch.objects.create(name="review.xlsx", sha256="1", created_by=me, state=Batch.State.PREVIEWED)
    Event.record("import-received", mine, by=me)
    page = press_reset(client, "import")
    assert "The file review.xlsx is discarded." in page
    assert reverse("desk:undo_reset", args=["import"]) not in page


def test_undoing_a_reset_leaves_what_was_done_after_it(client, me, other):
    earlier = reports_make.report(other)
    record, ministry = make.recommendation(), make.institution("moj", name="Justice")
    assign(record, ministry, other)
    Assignment.objects.update(assigned_at=timezone.now() - timedelta(days=1))
    former = cluster(other, "Former")
    for code in ("cluster", "assign", "report"):
        start(code, me)
    mine = reports_make.report(me, title="Mine")
    for code in ("cluster", "assign", "report"):
        press_reset(client, code)
    withdraw_report(report=earlier, reason="The body extended the deadline.", by=me)
    end_assignment(assignment=Assignment.objects.get(), reason="Another ministry is in charge.", by=me)
    clusters.dissolve_cluster(cluster=former, by=me)
    for code in ("cluster", "assign", "report"):
        client.post(reverse("desk:undo_reset", args=[code]))
    assert set(Report.objects.filter(withdrawn_at=None)) == {mine}
    assert leads(record) == []
    assert not Cluster.objects.filter(dissolved_at=None).exists()


def test_outside_a_demonstration_the_page_lists_what_is_taken_back_and_takes_only_what_is_selected(client, me, other):
    Instance.objects.update(is_demonstration=False)
    services.offer_exercises(by=make.user("administrator"))
    start("cluster", me)
    cluster(me, "One")
    two, three = cluster(me, "Two"), cluster(me, "Three")
    clusters.rename_cluster(cluster=three, name="Three and more", by=other)
    address = reverse("desk:reset_exercise", args=["cluster"])
    assert f'href="{address}"' in source_of(client.get(reverse("desk:exercise", args=["cluster"])))
    page = source_of(client.get(address))
    for shown in ("The cluster “One” is dissolved.", "The cluster “Two” is dissolved.", "Another user has worked"):
        assert shown in page
    page = source_of(client.post(address, {"piece": [f"cluster-{two.pk}", f"cluster-{three.pk}"]}, follow=True))
    assert "The exercise was reset. The cluster “Two” is dissolved." in page
    assert set(Cluster.objects.filter(dissolved_at=None).values_list("name", flat=True)) == {"One", "Three and more"}


def test_without_a_start_there_is_nothing_to_reset(client, me):
    address = reverse("desk:reset_exercise", args=["cluster"])
    assert "You have not started this exercise." in source_of(client.get(address, follow=True))
    with pytest.raises(services.Refused, match="not started"):
        services.reset_exercise(exercise="cluster", keys=[], by=me)


def test_the_preview_without_work_says_so(client, me):
    start("report", me)
    page = source_of(client.get(reverse("desk:reset_exercise", args=["report"])))
    assert "There is no work to undo." in page
