"""Pages of clusters: the list, proposals, one cluster, and changes of it."""

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
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.language.vectors.clusters import HIGHEST, LOWEST
from servanda.people.access import Can, can, requires
from servanda.people.models import Instance, User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse
from servanda.progress import merging as progress_merging
from servanda.recommendations import comparisons
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.clusters.fields import ClusterField, offer_clusters
from servanda.recommendations.clusters.proposals import height_from, proposals_of
from servanda.recommendations.models import Cluster, ClusterTree, Recommendation
from servanda.recommendations.picking.fields import MOST_PICKED, PicksRecords, RecordsField, offer_records
from servanda.sources.printed.texts import clean_label


def typed_in(request: SignedIn, field: str) -> str:
    return clean_label(request.POST.get(field, ""))


@require_safe
@requires(Can.READ_EVERYTHING)
def clusters(request: SignedIn) -> HttpResponse:
    inside = Count("members", filter=Q(members__left_at=None))
    visible = Cluster.objects.visible_to(request.user).annotate(number=inside)
    page = page_of(visible.count(), number=page_number(request.GET))
    context = {"clusters": visible[slice_of(page)], **pager(page)}
    return render(request, "desk/clusters/clusters.html", context)


@require_safe
@requires(Can.EDIT_REGISTER)
def cluster_proposals(request: SignedIn) -> HttpResponse:
    """Proposals at one cut of the tree, which the slider changes; without a tree, only the button to compute one."""
    tree = ClusterTree.objects.filter(country__code=Instance.current().state_code).first()
    context = {"tree": tree, "lowest": LOWEST, "highest": HIGHEST, "height": height_from(request.GET.get("cut", ""))}
    code = clean_label(request.GET.get("record", ""))
    context["record"] = Recommendation.objects.visible_to(request.user).filter(code=code).first() if code else None
    if tree:
        number = page_number(request.GET)
        filters = {"height": context["height"], "beside": context["record"]}
        context["proposals"] = proposals_of(tree, **filters, number=number)
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
        messages.error(request, _("Enter the State of this system first, on the page “Settings”."))
    return redirect("desk:cluster_proposals")


def members_sent(request: SignedIn) -> list[Recommendation]:
    """The records that were selected on a page."""
    codes = sorted({clean_label(code) for code in request.POST.getlist("record")} - {""})
    seen = Recommendation.objects.visible_to(request.user)
    return list(seen.filter(code__in=codes[:MOST_PICKED]))


class MembersForm(PicksRecords, forms.Form):
    record = RecordsField(label=gettext_lazy("Records"))

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, Recommendation.objects.opened_to(user))


class NewClusterForm(MembersForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))

    field_order = ["name", "record"]

    def clean_name(self) -> str:
        return clean_label(self.cleaned_data["name"])


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def make_cluster(request: SignedIn) -> HttpResponse:
    """Make a cluster of records that are searched for here, or of a proposal."""
    form = NewClusterForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        with refusals_in_form(request, form, "make_cluster"):
            made = clustering.make_cluster(name=cleaned["name"], records=cleaned["record"], by=request.user)
            messages.success(request, _("Cluster created."))
            return redirect(made)
    page = {"form": form, "title": _("New cluster"), "button": _("Create this cluster")}
    return render(request, "desk/clusters/cluster_form.html", page, status=422 if form.errors else 200)


class MoveForm(forms.Form):
    """The target cluster; similar clusters are listed first."""

    cluster = ClusterField(
        label=gettext_lazy("Another cluster"),
        help_text="",
        required=True,
        error_messages={"required": gettext_lazy("Choose the cluster to move the records to.")},
    )

    def __init__(self, *args, user: User, leaving: Cluster):
        super().__init__(*args)
        leaving_records = leaving.members.current().order_by().values("recommendation")
        offer_clusters(self, user, near=Recommendation.objects.filter(pk__in=leaving_records), without=leaving)


@require_safe
@requires(Can.READ_EVERYTHING)
def cluster(request: SignedIn, key: object) -> HttpResponse:
    return render(request, "desk/clusters/cluster.html", page_of_cluster(request, find_cluster(request, key)))


def page_of_cluster(request: SignedIn, cluster: Cluster, moving: MoveForm | None = None) -> dict[str, object]:
    """The context of the page, with what was typed and ticked if a form has to be corrected."""
    page = read_cluster(cluster, request.user)
    if can(request.user, Can.EDIT_REGISTER):
        page["form"] = moving or MoveForm(user=request.user, leaving=cluster)
        page["ticked"] = request.POST.getlist("record") if moving else []
    return page


@require_POST
@requires(Can.EDIT_REGISTER)
def rename_cluster(request: SignedIn, key: object) -> HttpResponse:
    cluster = find_cluster(request, key)
    attempt(request, clustering.rename_cluster, _("Saved."), cluster=cluster, name=typed_in(request, "name"))
    return redirect(cluster)


@form_page
@requires(Can.EDIT_REGISTER)
def add_members(request: SignedIn, key: object) -> HttpResponse:
    cluster = find_cluster(request, key)
    form = MembersForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        records = form.cleaned_data["record"]
        message = ngettext("%(count)d record added.", "%(count)d records added.", len(records))
        with refusals_in_form(request, form, "add_members"):
            clustering.add_members(cluster=cluster, records=records, by=request.user)
            messages.success(request, message % {"count": len(records)})
            return redirect(cluster)
    page = {"form": form, "cluster": cluster, "title": _("Add records"), "button": _("Add")}
    return render(request, "desk/clusters/cluster_form.html", page, status=422 if form.errors else 200)


class FormIncomplete(Exception):
    """The form has an error, or matches several clusters to choose from."""

    def __init__(self, form: MoveForm):
        super().__init__()
        self.form = form


def split(request: SignedIn, cluster: Cluster, records: Sequence[Recommendation]) -> bool:
    name = typed_in(request, "name")
    return attempt(
        request,
        progress_merging.split_cluster,
        _("Cluster split."),
        cluster=cluster,
        records=records,
        name=name or cluster.name,
    )


def move(request: SignedIn, cluster: Cluster, records: Sequence[Recommendation]) -> bool:
    form = MoveForm(request.POST, user=request.user, leaving=cluster)
    if not form.is_valid():
        raise FormIncomplete(form)
    to = form.cleaned_data["cluster"]
    return attempt(
        request, progress_merging.move_members, _("Records moved."), cluster=cluster, records=records, to=to
    )


def pin(request: SignedIn, cluster: Cluster, records: Sequence[Recommendation]) -> bool:
    return attempt(
        request, clustering.pin_members, _("Records pinned."), cluster=cluster, records=records, is_pinned=True
    )


def unpin(request: SignedIn, cluster: Cluster, records: Sequence[Recommendation]) -> bool:
    message = _("Records unpinned.")
    return attempt(request, clustering.pin_members, message, cluster=cluster, records=records, is_pinned=False)


def take_out(request: SignedIn, cluster: Cluster, records: Sequence[Recommendation]) -> bool:
    message = _("Records removed from the cluster. You can restore them below.")
    return attempt(request, clustering.take_out, message, cluster=cluster, records=records)


def put_back(request: SignedIn, cluster: Cluster, records: Sequence[Recommendation]) -> bool:
    return attempt(
        request, clustering.put_back, _("Records restored to the cluster."), cluster=cluster, records=records
    )


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
    """Apply one action to the selected members."""
    cluster, deed = find_cluster(request, key), DEEDS.get(typed_in(request, "deed"))
    if deed and (records := members_sent(request)):
        try:
            deed(request, cluster, records)
        except FormIncomplete as again:
            return render(
                request, "desk/clusters/cluster.html", page_of_cluster(request, cluster, again.form), status=422
            )
    else:
        messages.error(request, _("Select at least one record."))
    still_exists = Cluster.objects.standing().filter(pk=cluster.pk).exists()
    return redirect(cluster) if still_exists else redirect("desk:clusters")


@require_POST
@requires(Can.EDIT_REGISTER)
def dissolve_cluster(request: SignedIn, key: object) -> HttpResponse:
    """Dissolve the cluster; the next page offers to restore it."""
    cluster = find_cluster(request, key)
    try:
        clustering.dissolve_cluster(cluster=cluster, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "dissolve_cluster")
    else:
        way_back = reverse("desk:restore_cluster", args=[cluster.key])
        messages.success(request, _("Cluster dissolved. Its records have not changed."), extra_tags=way_back)
    return redirect("desk:clusters")


@require_POST
@requires(Can.EDIT_REGISTER)
def restore_cluster(request: SignedIn, key: object) -> HttpResponse:
    cluster = get_object_or_404(Cluster.objects.opened_to(request.user), key=key)
    attempt(request, clustering.restore_cluster, _("Cluster restored."), cluster=cluster)
    return redirect(cluster)
