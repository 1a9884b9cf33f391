"""What the machine and people say of hidden records beside published ones: likeness, clusters, suggestions, terms."""

from collections.abc import Iterator
from datetime import date

from servanda.people.models import User
from servanda.planning.assignments.lead_suggestions import add_theme_lead
from servanda.recommendations.clusters import comparing, proposals
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.labels import decisions as label_decisions
from servanda.recommendations.labels import suggesting
from servanda.recommendations.models import Likeness, Recommendation
from servanda.recommendations.search import encoding
from tests import make, suggesting_make


def compare_in_confidence(record: Recommendation, hidden: Recommendation, by: User) -> Iterator[str]:
    """Of one that everyone sees and one that no one outside does."""
    first, second = sorted((record, hidden), key=lambda row: row.pk)
    pair = Likeness.objects.create(one=first, other=second, relation="twin", cosine=0.9)
    for deed in (comparing.confirm_likeness, comparing.reject_likeness, comparing.reopen_likeness):
        deed(likeness=pair, by=by)
        yield deed.__name__
    cluster = clustering.make_cluster(name="Quarantine", records=[record, hidden], by=by)
    clustering.rename_cluster(cluster=cluster, name="Iwi", by=by)
    clustering.dissolve_cluster(cluster=cluster, by=by)
    clustering.restore_cluster(cluster=cluster, by=by)
    yield from ["make-cluster", "rename-cluster", "dissolve-cluster", "restore-cluster"]
    rejected = clustering.reject_cluster_proposal(records=[record, hidden], name="Quarantine", by=by)
    clustering.propose_cluster_again(rejected=rejected, by=by)
    yield from ["reject-cluster-proposal", "propose-cluster-again"]
    suggestion = suggesting_make.suggestion(record, make.term("Housing"), 0.9)
    label_decisions.reject_suggestion(suggestion=suggestion, by=by)
    label_decisions.reopen_suggestion(suggestion=suggestion, by=by)
    accepted = suggesting_make.suggestion(hidden, make.term("Health"), 0.9)
    label_decisions.accept_suggestion(suggestion=accepted, by=by)
    yield from ["suggest-label", "reject-suggestion", "reopen-suggestion", "suggest-label", "accept-suggestion"]
    make.follow_up(hidden, words="Quarantine", due_on=date(2031, 1, 1))
    yield "ask-for-follow-up"


def compare_everything(by: User) -> Iterator[str]:
    """As the worker does after an import."""
    encoding.encode_missing()
    comparing.compare_all()
    proposals.draw_tree(make.country())
    suggesting.suggest_labels()
    add_theme_lead(term=make.term("Housing"), institution=make.institution("iwi"), by=by)
    yield from ["encode", "compare", "draw-tree", "suggest-labels", "add-theme-lead"]
