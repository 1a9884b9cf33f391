"""Clusters at the desk: the list, what the machine proposes, one cluster, and what people change in it."""

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.clusters.queries import find_cluster, read_cluster
from servanda.desk.record.access import SignedIn
from servanda.jobs.services import enqueue_once
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.language.vectors.clusters import HIGHEST, LOWEST
from servanda.people.access import Can, can, requires
from servanda.people.models import Instance, User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse
from servanda.progress import merging as progress_merging
from servanda.recommendations import comparisons
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.clusters.fields import ClusterField, offer_clusters
from servanda.recommendations.clusters.proposals import height_from, proposals_of
from servanda.recommendations.models import Cluster, ClusterTree, Recommendation
from servanda.sources.printed.texts import clean_label

MOST_NAMED = 500  # references in one form


def typed_in(request: SignedIn, field: str) -> str:
    return clean_label(request.POST.get(field, ""))


@require_safe
@requires(Can.READ_EVERYTHING)
def clusters(request: SignedIn) -> HttpResponse:
    inside = Count("members", filter=Q(members__left_at=None))
    found = Cluster.objects.visible_to(request.user).annotate(number=inside)
    page = page_of(found.count(), number=page_number(request.GET))
    context = {"clusters": found[slice_of(page)], **pager(page)}
    return render(request, "desk/clusters/clusters.html", context)


@require_safe
@requires(Can.EDIT_REGISTER)
def cluster_proposals(request: SignedIn) -> HttpResponse:
    """The slider is a form that asks for another cut; without a tree there is only the button that has one made."""
    tree = ClusterTree.objects.filter(country__code=Instance.current().state_code).first()
    context = {"tree": tree, "lowest": LOWEST, "highest": HIGHEST, "height": height_from(request.GET.get("cut", ""))}
    code = clean_label(request.GET.get("record", ""))
    context["record"] = Recommendation.objects.visible_to(request.user).filter(code=code).first() if code else None
    if tree:
        number = page_number(request.GET)
        asked = {"height": context["height"], "beside": context["record"]}
        context["proposals"] = proposals_of(tree, **asked, number=number)
        query = {"page": None, "cut": f"{context['height']:.2f}"}
        query |= {"record": context["record"].code} if context["record"] else {}
        context |= pager(context["proposals"].page, query)
    return render(request, "desk/clusters/cluster_proposals.html", context)


@require_POST
@requires(Can.EDIT_REGISTER)
def draw_tree(request: SignedIn) -> HttpResponse:
    if code := Instance.current().state_code:
        enqueue_once(comparisons.draw_tree, code)
        messages.success(request, _("The records are being compared. Come back to this page in a minute."))
    else:
        messages.error(request, _("First say on the page This instance which State this is."))
    return redirect("desk:cluster_proposals")


def records_named(request: SignedIn) -> list[Recommendation]:
    """Those that were ticked, or whose references were typed."""
    typed = [*request.POST.getlist("record"), *typed_in(request, "codes").replace(",", " ").split()]
    codes = sorted({clean_label(code) for code in typed} - {""})
    if len(codes) > MOST_NAMED:
        sentence = _("You named %(count)d records; the first %(most)d by reference are taken. Name the rest again.")
        messages.warning(request, sentence % {"count": len(codes), "most": MOST_NAMED})
    seen = Recommendation.objects.visible_to(request.user)
    return list(seen.filter(code__in=codes[:MOST_NAMED]))


@require_POST
@requires(Can.EDIT_REGISTER)
@makes_once
def make_cluster(request: SignedIn) -> HttpResponse:
    try:
        name = typed_in(request, "name")
        made = clustering.make_cluster(name=name, records=records_named(request), by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "make_cluster")
        return redirect("desk:cluster_proposals")
    messages.success(request, _("The cluster is made."))
    return redirect(made)


class MoveForm(forms.Form):
    """Into which cluster records move; those that are near to where they are stand first."""

    cluster = ClusterField(
        label=gettext_lazy("Another cluster"),
        help_text="",
        required=True,
        error_messages={"required": gettext_lazy("Choose the cluster into which the records move.")},
    )

    def __init__(self, *args, user: User, leaving: Cluster):
        super().__init__(*args)
        here = leaving.members.current().order_by().values("recommendation")
        offer_clusters(self, user, near=Recommendation.objects.filter(pk__in=here), without=leaving)


@require_safe
@requires(Can.READ_EVERYTHING)
def cluster(request: SignedIn, key: object) -> HttpResponse:
    return render(request, "desk/clusters/cluster.html", page_of_cluster(request, find_cluster(request, key)))


def page_of_cluster(request: SignedIn, found: Cluster, moving: MoveForm | None = None) -> dict[str, object]:
    """With what was typed and ticked, where a form has to be looked at again."""
    page = read_cluster(found, request.user)
    if can(request.user, Can.EDIT_REGISTER):
        page["form"] = moving or MoveForm(user=request.user, leaving=found)
        page["ticked"] = request.POST.getlist("record") if moving else []
    return page


@require_POST
@requires(Can.EDIT_REGISTER)
def rename_cluster(request: SignedIn, key: object) -> HttpResponse:
    found = find_cluster(request, key)
    attempt(request, clustering.rename_cluster, _("Saved."), cluster=found, name=typed_in(request, "name"))
    return redirect(found)


@require_POST
@requires(Can.EDIT_REGISTER)
def add_members(request: SignedIn, key: object) -> HttpResponse:
    found = find_cluster(request, key)
    if records := records_named(request):
        done = ngettext("%(count)d record is added.", "%(count)d records are added.", len(records))
        attempt(request, clustering.add_members, done % {"count": len(records)}, cluster=found, records=records)
    else:
        messages.error(request, _("Give the reference of at least one record of the register."))
    return redirect(found)


class AskedAgain(Exception):
    """The form of a deed has a mistake in it, or found several clusters to choose from."""

    def __init__(self, form: MoveForm):
        super().__init__()
        self.form = form


def split(request: SignedIn, found: Cluster, records: Sequence[Recommendation]) -> bool:
    name = typed_in(request, "name")
    return attempt(
        request, progress_merging.split_cluster, _("Split."), cluster=found, records=records, name=name or found.name
    )


def move(request: SignedIn, found: Cluster, records: Sequence[Recommendation]) -> bool:
    form = MoveForm(request.POST, user=request.user, leaving=found)
    if not form.is_valid():
        raise AskedAgain(form)
    to = form.cleaned_data["cluster"]
    return attempt(request, progress_merging.move_members, _("Moved."), cluster=found, records=records, to=to)


def pin(request: SignedIn, found: Cluster, records: Sequence[Recommendation]) -> bool:
    return attempt(request, clustering.pin_members, _("Pinned."), cluster=found, records=records, is_pinned=True)


def unpin(request: SignedIn, found: Cluster, records: Sequence[Recommendation]) -> bool:
    done = _("No longer pinned.")
    return attempt(request, clustering.pin_members, done, cluster=found, records=records, is_pinned=False)


def take_out(request: SignedIn, found: Cluster, records: Sequence[Recommendation]) -> bool:
    done = _("Taken out. You can put the records back below.")
    return attempt(request, clustering.take_out, done, cluster=found, records=records)


def put_back(request: SignedIn, found: Cluster, records: Sequence[Recommendation]) -> bool:
    return attempt(request, clustering.put_back, _("Put back."), cluster=found, records=records)


DEEDS: dict[str, Callable[[SignedIn, Cluster, Sequence[Recommendation]], bool]] = {
    "split": split,
    "move": move,
    "pin": pin,
    "unpin": unpin,
    "take-out": take_out,
    "put-back": put_back,
}


@require_POST
@requires(Can.EDIT_REGISTER)
def change_members(request: SignedIn, key: object) -> HttpResponse:
    """One deed on the members that were ticked."""
    found, deed = find_cluster(request, key), DEEDS.get(typed_in(request, "deed"))
    if deed and (records := records_named(request)):
        try:
            deed(request, found, records)
        except AskedAgain as again:
            return render(
                request, "desk/clusters/cluster.html", page_of_cluster(request, found, again.form), status=422
            )
    else:
        messages.error(request, _("Choose records and what to do with them."))
    still_there = Cluster.objects.standing().filter(pk=found.pk).exists()
    return redirect(found) if still_there else redirect("desk:clusters")


@require_POST
@requires(Can.EDIT_REGISTER)
def dissolve_cluster(request: SignedIn, key: object) -> HttpResponse:
    """The next page offers the way back."""
    found = find_cluster(request, key)
    try:
        clustering.dissolve_cluster(cluster=found, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "dissolve_cluster")
    else:
        way_back = reverse("desk:restore_cluster", args=[found.key])
        messages.success(request, _("Dissolved; the records stay as they are."), extra_tags=way_back)
    return redirect("desk:clusters")


@require_POST
@requires(Can.EDIT_REGISTER)
def restore_cluster(request: SignedIn, key: object) -> HttpResponse:
    found = get_object_or_404(Cluster.objects.opened_to(request.user), key=key)
    attempt(request, clustering.restore_cluster, _("The cluster is back."), cluster=found)
    return redirect(found)
