"""The theme that a reader chose in this browser: light, dark, or that of the device."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
DEVICE, LIGHT, DARK = "device", "light", "dark"
THEMES = (DEVICE, LIGHT, DARK)
A_YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> dict:
    """A context processor: `theme` decides how every template links the dark colours."""
    theme = request.COOKIES.get(COOKIE)
    return {"theme": theme if theme in THEMES else DEVICE}


def keep_theme(response: HttpResponse, theme: str) -> None:
    """Remember the theme in a cookie; following the device needs none."""
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
