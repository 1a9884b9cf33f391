"""Tiles of assessments, with the same conditions as their list."""

from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.assessments.disagreement import Disagreement, condition_for
from servanda.recommendations.models import Recommendation, RecommendationQuerySet


def disagreement_tiles(user: User) -> Supply:
    if not can(user, Can.ASSESS):
        return
    counts = yield Ask.many("disagreements", lambda: disagreed_on(user))
    href = f"{reverse('desk:assessments')}?disagreement={Disagreement.ANY}"
    label, none = _("Records with differing assessments"), _("No differing assessments.")
    yield Tile("disagreements", label, counts["number"], href, none)


def disagreed_on(user: User) -> RecommendationQuerySet:
    return Recommendation.objects.visible_to(user).filter(condition_for(Disagreement.ANY))
