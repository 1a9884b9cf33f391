"""Light, dark, or as the device has it: what a reader chose in this browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
DEVICE, LIGHT, DARK = "device", "light", "dark"
THEMES = (DEVICE, LIGHT, DARK)
A_YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> dict:
    """For every template: `theme`, which decides where the dark colours are linked."""
    asked = request.COOKIES.get(COOKIE)
    return {"theme": asked if asked in THEMES else DEVICE}


def keep_theme(response: HttpResponse, theme: str) -> None:
    """Remember it in this browser; who follows the device needs no cookie."""
    if theme == DEVICE:
        response.delete_cookie(COOKIE)
        return
    response.set_cookie(
        COOKIE,
        theme,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
