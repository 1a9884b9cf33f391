"""The language in which a reader wants the texts of records: their choice, or else the language of the page."""

import re
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_bidi

COOKIE = "texts_in"
A_YEAR = 365 * 24 * 60 * 60
CODE = re.compile(r"[a-z]{2,3}")
FIRST_STRONG, END = "\u2068", "\u2069"

_chosen: ContextVar[str] = ContextVar("text_language", default="")


def chosen() -> str:
    """The language that the reader chose for texts; empty where they chose none."""
    return _chosen.get()


def wanted() -> str:
    return chosen() or short(get_language() or settings.LANGUAGE_CODE)


def is_wanted(language: str) -> bool:
    return short(language) == wanted()


def isolated(words: str) -> str:
    """Words inside a sentence of another direction, whose brackets and marks stay with them."""
    return f"{FIRST_STRONG}{words}{END}"


def in_brackets(words: str) -> str:
    """Words of a person after others: in a page from right to left they keep their own direction."""
    return f"({isolated(words) if get_language_bidi() else words})"


def short(language: str) -> str:
    return language.partition("-")[0]


def follow_choice(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(COOKIE, "")
        token = _chosen.set(language if CODE.fullmatch(language) else "")
        try:
            return get_response(request)
        finally:
            _chosen.reset(token)

    return middleware


def keep_choice(response: HttpResponse, language: str) -> None:
    """Remember the choice in a cookie; an empty one follows the language of the page again."""
    if not language:
        response.delete_cookie(COOKIE, path=settings.LANGUAGE_COOKIE_PATH)
        return
    response.set_cookie(
        COOKIE,
        language,
        max_age=A_YEAR,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
