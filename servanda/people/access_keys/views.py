"""Pages of one's own access keys: list, make, revoke, and revoke after a change of the password."""

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import DateInput, TickList, form_page
from servanda.people.access import Can, requires
from servanda.people.access_keys import services
from servanda.people.models import ApiToken, User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form


class TokenForm(forms.ModelForm):
    last_day = forms.DateField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("One year from today at most."),
        widget=DateInput,
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scope"]
        help_texts = {"name": gettext_lazy("A name to recognise the key by, for example: monthly statistics.")}

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        offered = [(scope.value, scope.label) for scope in ApiToken.Scope if services.may_hold(person, scope)]
        self.fields["scope"] = forms.ChoiceField(label=gettext_lazy("Permission"), choices=offered)
        self.initial.setdefault("last_day", today + services.USUAL)
        self.fields["last_day"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + services.LONGEST).isoformat(),
        }


class TokensField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: ApiToken) -> str:
        return f"{obj.name} ({obj}, {obj.get_scope_display()})"


class RevokeForm(forms.Form):
    """All keys are ticked, because a password is often changed for a reason."""

    tokens = TokensField(
        ApiToken.objects.none(), label=gettext_lazy("Keys to revoke"), required=False, widget=TickList
    )

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tokens"].queryset = usable = services.usable_tokens(person).order_by("pk")
        self.initial["tokens"] = usable


def token_rows(person: User) -> list[dict]:
    """The keys of a person, and which of them are valid, for `people/access_keys/_tokens.html`."""
    keys = ApiToken.objects.filter(person=person.pk)
    usable = set(keys.usable(on=timezone.now()).values_list("pk", flat=True))
    return [{"token": key, "works": key.pk in usable} for key in keys]


@require_safe
@requires(Can.USE_DESK)
def tokens(request: HttpRequest) -> HttpResponse:
    return render(request, "people/access_keys/tokens.html", {"rows": token_rows(request.user)})


@form_page
@requires(Can.USE_DESK)
@reauthentication_required
@makes_once
def make_token(request: HttpRequest) -> HttpResponse:
    """The response shows the key itself: a redirect would need to store it in the session, readable in the
    database."""
    form = TokenForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "make_token"):
            token, key = services.make_token(**form.cleaned_data, by=request.user, origin=origin_of(request))
            response = render(request, "people/access_keys/make_token.html", {"token": token, "key": key})
            response.led_to = reverse("people:tokens")  # type: ignore[attr-defined]  # -- read by makes_once
            return response
    return render(request, "people/access_keys/make_token.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Can.USE_DESK)
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(services.tokens_within_reach(request.user), pk=pk)
    attempt(
        request, services.revoke_token, _("Key revoked. Programs that used it no longer have access."), token=token
    )
    if token.person_id == request.user.pk:
        return redirect("people:tokens")
    return redirect("people:person", pk=token.person_id)


@form_page
@requires(Can.USE_DESK)
def revoke_tokens(request: HttpRequest) -> HttpResponse:
    """Shown after a change of the password, which does not revoke keys."""
    form = RevokeForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        count = services.revoke_tokens(tokens=form.cleaned_data["tokens"], by=request.user)
        message = ngettext("%(count)s key revoked.", "%(count)s keys revoked.", count)
        messages.success(request, message % {"count": count})
        return redirect("people:tokens")
    return render(
        request, "people/access_keys/revoke_tokens.html", {"form": form}, status=422 if form.errors else 200
    )
