"""Addresses of the desk, wing by wing."""

import re

from django.urls import URLPattern, URLResolver, include, re_path


def wing(name: str) -> URLResolver:
    """Addresses of a wing, looked through only for a path that begins like one of them.

    Otherwise each request would be compared with several hundred patterns.
    """
    urls = include(f"servanda.desk.{name}.urls")
    words = sorted({beginning(pattern) for pattern in urls[0].urlpatterns})
    return re_path(f"^(?={'|'.join(words)})", urls)


def beginning(pattern: URLPattern) -> str:
    """The first word of its paths, or as much of it as all of them have in common."""
    return re.match(r"\^?([\w-]*)", str(pattern.pattern))[1]


app_name = "desk"
urlpatterns = [
    wing("home"),
    wing("search"),
    wing("news"),
    wing("register"),
    wing("record"),
    wing("bulk"),
    wing("clusters"),
    wing("labels"),
    wing("imports"),
    wing("documents"),
    wing("sheets"),
    wing("assignments"),
    wing("treaties"),
    wing("positions"),
    wing("plans"),
    wing("obligations"),
    wing("questions"),
    wing("reports"),
    wing("consultations"),
    wing("measures"),
    wing("network"),
    wing("mechanisms"),
    wing("practices"),
    wing("assistance"),
    wing("meetings"),
    wing("training"),
    wing("indicators"),
    wing("updates"),
    wing("rounds"),
    wing("proceedings"),
    wing("visits"),
    wing("cases"),
    wing("dialogues"),
    wing("retention"),
    wing("assessments"),
    wing("contributions"),
    wing("follow_up"),
    wing("hand_over"),
]
