"""Pages of rules; each view that changes something has the name of its service."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import by_code, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.vocab.models import Body, Force, ObligationKind, ObligationRule
from servanda.vocab.rules import services as deeds
from servanda.vocab.rules.forms import RuleForm
from servanda.vocab.rules.queries import COLUMNS, LABELS, SHOWN, RuleFilter, compared, export_rows, find_rules

ON_A_PAGE = 50
TABLES = ("csv", "xlsx")


@require_safe
@requires(Can.USE_DESK)
def rules(request: HttpRequest) -> HttpResponse:
    filters = RuleFilter.read(request.GET)
    found = find_rules(filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    context = {
        "rows": found[slice_of(page)],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": [
            filters.box("body", _("Body"), by_code(Body.objects.filter(rules__isnull=False).distinct(), "short")),
            filters.box("kind", _("Obligation"), ObligationKind.choices),
            filters.box("force", LABELS["force"], Force.choices),
            filters.box("shown", _("Show"), SHOWN.items()),
        ],
        "labels": LABELS,
        **pager(page, filters.query()),
    }
    return render(request, "vocab/rules/rules.html", context)


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def rules_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The filtered list as a file."""
    if format not in TABLES:
        raise Http404
    rows = export_rows(find_rules(RuleFilter.read(request.GET)))
    name = file_name(_("Rules"), format, on=timezone.localdate())
    return send_table(name, _("Rules"), [str(LABELS[column]) for column in COLUMNS], rows)


@require_safe
@requires(Can.USE_DESK)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    shown = find_rule(code)
    context = {
        "rule": shown,
        "labels": LABELS,
        "local": getattr(shown, "replaced_by", None),
        "compared": compared(shown) if shown.is_outdated else [],
        "versions": shown.history.select_related("history_user")[:ON_A_PAGE],
    }
    return render(request, "vocab/rules/rule.html", context)


def find_rule(code: str) -> ObligationRule:
    known = ObligationRule.objects.select_related("body", "instrument", "replaces", "replaced_by")
    return get_object_or_404(known, code=code)


def ask(request: HttpRequest, form: RuleForm, *, title: str, shown: ObligationRule | None = None) -> HttpResponse:
    cancel = resolve_url("vocab:rule", shown.code) if shown else resolve_url("vocab:rules")
    context = {"form": form, "title": title, "button": _("Save"), "cancel_url": cancel, "rule": shown}
    return render(request, "vocab/rules/rule_form.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_INSTANCE)
@makes_once
def add_rule(request: HttpRequest) -> HttpResponse:
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_rule"):
            made = deeds.add_rule(code=form.cleaned_data["code"], values=form.values(), by=request.user)
            messages.success(request, _("Rule saved. It applies from now on."))
            return redirect(made)
    return ask(request, form, title=_("Add a rule"))


@form_page
@requires(Can.EDIT_INSTANCE)
def edit_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change a local rule, or replace a shipped one with a local one."""
    shown = find_rule(code)
    if not shown.is_in_force and not shown.is_own and not shown.is_retired:
        return redirect("vocab:edit_rule", shown.replaced_by.code)
    form = RuleForm(request.POST or None, instance=find_rule(code))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_rule", edits=shown):
            seen = form.cleaned_data["seen"]
            saved = deeds.edit_rule(rule=shown, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."), extra_tags=way_back(shown, saved))
            return redirect(saved)
    title = _("Edit the rule") if shown.is_own else _("Replace the shipped rule")
    return ask(request, form, title=title, shown=shown)


def way_back(before: ObligationRule, saved: ObligationRule) -> str:
    """The address of the undo button: the version before, or the retirement of a new local rule."""
    if before.pk != saved.pk:
        return resolve_url("vocab:retire_rule", saved.code)
    return resolve_url("vocab:restore_rule_version", saved.code, before.version)


@require_POST
@requires(Can.EDIT_INSTANCE)
def retire_rule(request: HttpRequest, code: str) -> HttpResponse:
    shown = find_rule(code)
    undo = resolve_url("vocab:apply_rule_again", code)
    done = _("The rule is no longer applied. Obligations made with it are kept.")
    attempt(request, deeds.retire_rule, done, undo=undo, rule=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def apply_rule_again(request: HttpRequest, code: str) -> HttpResponse:
    shown = find_rule(code)
    undo = resolve_url("vocab:retire_rule", code)
    attempt(request, deeds.apply_rule_again, _("The rule applies again."), undo=undo, rule=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def take_over_rule(request: HttpRequest, code: str) -> HttpResponse:
    shown = find_rule(code)
    undo = resolve_url("vocab:restore_rule_version", code, shown.version)
    attempt(request, deeds.take_over_rule, _("The shipped values were copied."), undo=undo, rule=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def keep_rule(request: HttpRequest, code: str) -> HttpResponse:
    shown = find_rule(code)
    undo = resolve_url("vocab:restore_rule_version", code, shown.version)
    attempt(request, deeds.keep_rule, _("Your rule was kept."), undo=undo, rule=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def restore_rule_version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    shown = find_rule(code)
    undo = resolve_url("vocab:restore_rule_version", code, shown.version)
    done = _("Version %(number)s was restored.") % {"number": version}
    attempt(request, deeds.restore_rule_version, done, undo=undo, rule=shown, version=version)
    return redirect(shown)
