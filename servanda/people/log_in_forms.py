from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from servanda.people import throttling


class LinkForm(ResetPasswordForm):
    """A stranger can have only so many letters sent to somebody; the page says the same afterwards."""

    def save(self, request: HttpRequest, **asked) -> str:
        email = self.cleaned_data["email"]
        browser = throttling.known_browser(request, email)
        if throttling.count_guess(throttling.key_of("link", email), browser) is None:
            return email
        return super().save(request, **asked)
