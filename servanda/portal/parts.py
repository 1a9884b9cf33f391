"""All template parts on one page, for developers; served in development only."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib.messages.constants import DEFAULT_TAGS
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.pages.glossary import entries
from servanda.kit.pages.listing import ALL, SelectBox
from servanda.kit.pages.theme import DARK, LIGHT
from servanda.progress.models import Common, Voice
from servanda.recommendations.models import Recommendation, Stand, Tagging

FOLDER = Path(__file__).resolve().parents[1] / "templates" / "parts"
TEXTS = {
    "en": "Ratify the Optional Protocol to the Convention against Torture.",
    "es": "Ratificar el Protocolo Facultativo de la Convención contra la Tortura.",
    "fr": "Ratifier le Protocole facultatif se rapportant à la Convention contre la torture.",
    "pt": "Ratificar o Protocolo Facultativo à Convenção contra a Tortura.",
    "ar": "التصديق على البروتوكول الاختياري لاتفاقية مناهضة التعذيب.",
}
REFERENCE = "SVN-UPR-4-140.10"


class ExampleForm(forms.Form):
    name = forms.CharField(help_text="As on the letterhead.")
    country = forms.ChoiceField(choices=[("SVN", "Slovenia"), ("PER", "Peru")])
    comment = forms.CharField(widget=forms.Textarea, required=False)
    publish = forms.BooleanField(required=False, help_text="Everybody sees it at once.")
    kinds = forms.MultipleChoiceField(choices=[("a", "One"), ("b", "Two")], widget=forms.CheckboxSelectMultiple)


class FileForm(forms.Form):
    file = forms.FileField(help_text="JSON, XLSX, DOCX, PDF or CSV.", required=False)


class Part(NamedTuple):
    """A part, the comment at the top of its file, and examples of it."""

    name: str
    takes: str
    samples: list[str]


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """`?language=ar&theme=dark` shows the parts in that language and theme. A whole page, because each direction of
    text has its own style sheet."""
    language, theme = request.GET.get("language", get_language()), request.GET.get("theme", LIGHT)
    with override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        page = {
            "parts": list(parts_of_pages(request)),
            "theme": theme,
            "looks": [(code, colours) for code, _name in settings.LANGUAGES for colours in (LIGHT, DARK)],
        }
        return render(request, "portal/parts.html", page)


def parts_of_pages(request: HttpRequest) -> Iterator[Part]:
    samples = texts() | controls() | lists() | notices() | records()
    for path in sorted(FOLDER.iterdir()):
        name = path.stem
        takes = path.read_text().partition("{#")[2].partition("#}")[0].strip()
        shown = [render_to_string(f"parts/{path.name}", sample, request) for sample in samples.get(name, [])]
        yield Part(name, takes, shown)


def sentence() -> str:
    return TEXTS[get_language() or "en"]


def texts() -> dict[str, list[dict[str, Any]]]:
    """Parts with text, such as headings."""
    return {
        "breadcrumb": [
            {"crumbs": [("#", _("Recommendations"))], "up_url": "#", "up_label": "UPR", "here": REFERENCE}
        ],
        "page_head": [
            {
                "title": _("Recommendations"),
                "eyebrow": _("Public register"),
                "lead": _(
                    "What human rights bodies and other States have recommended, and the positions of the State."
                ),
                "action_url": "#",
                "action_label": _("Edit"),
            }
        ],
        "help": [{"request": SimpleNamespace(resolver_match=SimpleNamespace(view_name="portal:register"))}],
        "term": [{"entry": entries(get_language() or "en")[0], "words": "…", "id": "part-term"}],
        "empty_state": [
            {
                "title": _("No results"),
                "text": _("Remove a filter or clear all filters."),
                "action_url": "#",
                "action_label": _("Clear all filters"),
            }
        ],
        "none_found": [{"title": _("No results"), "all_url": "#"}],
    }


def controls() -> dict[str, list[dict[str, Any]]]:
    """Buttons, forms and other controls."""
    steps = [_("Send"), _("Choose columns"), _("Check"), _("Apply")]
    wrong, fields = ExampleForm({}, prefix="wrong"), ExampleForm({}, prefix="field")
    facet = {
        "label": _("Body"),
        "is_open": True,
        "options": [{"label": "UPR", "count": 632, "url": "#", "is_chosen": True}],
        "more": [{"label": "CEDAW", "count": 41, "url": "#", "is_chosen": False}],
    }
    box = {"id": "part-box", "name": "q", "label": _("Search"), "hint": _("Word, phrase or document symbol")}
    confirmation = {"title": _("Discard this import"), "text": sentence(), "cancel_url": "#"}
    return {
        "confirm": [{**confirmation, "button": _("Discard this import"), "is_danger": True}],
        "error_list": [{"form": wrong}],
        "error_summary": [{"form": wrong}],
        "facet_list": [{"facet": facet}],
        "field": [{"field": field} for field in fields],
        "file_drop": [{"field": FileForm(prefix="file")["file"]}],
        "form": [{"form": ExampleForm(prefix="form"), "button": _("Save"), "cancel_url": "#"}],
        "list_filters": [{"boxes": [SelectBox("kind", _("Kind"), list(Voice.choices), "", ALL)], "asked": None}],
        "pager": [{"previous_url": "#", "next_url": "#", "position": "51–100 / 632"}],
        "search": [{"action": "#"}],
        "search_box": [box],
        "stepper": [{"steps": steps, "current": 3}],
        "table_downloads": [{"xlsx": "#", "csv": "#"}],
        "tabs": [{"name": _("Vocabulary"), "tabs_template": "vocab/_tab_links.html"}],
        "text_language": [{"languages": ["en", "ar"]}],
        "dialog": [{"id": "part", "title": _("Keyboard shortcuts"), "body_template": "parts/shortcut_list.html"}],
        "shortcut_dialog": [{}],
        "shortcut_list": [{}],
    }


def lists() -> dict[str, list[dict[str, Any]]]:
    now = timezone.now()
    hit = {"url": "#", "label": REFERENCE, "is_code": True, "text": sentence(), "language": get_language()}
    group = {"key": "records", "title": _("Recommendations"), "hits": [hit], "more": _("Show all records")}
    rows = [{"label": stand.label, "count": 180, "href": "#"} for stand in Stand]
    chart = {"title": _("Position"), "columns": [_("Position"), _("Records")], "rows": rows, "download_url": "#"}
    return {
        "chart_with_table": [chart | {"image_url": reverse("portal:chart", args=["stand"]), "description": "…"}],
        "diff": [{"changes": [{"label": _("Text"), "old": "", "new": sentence()}]}],
        "found": [{"groups": [group], "searched": "ratify"}, {"groups": [], "searched": "ratify"}],
        "found_link": [{"hit": hit | {"note": _("Register")}}],
        "palette": [{"groups": [group], "search": "#"}],
        "palette_options": [{"groups": [group | {"key": "more"}]}],
        "share_bar": [{"done": 3, "total": 8, "label": _("Completed")}, {"done": 37.5, "total": 100}],
        "stat_tile": [
            {"count": 12, "label": _("Imports"), "href": "#", "note": _("Not published")},
            {"count": 0, "label": _("Vacancies")},
        ],
        "timeline": [{"entries": [{"at": now, "text": sentence(), "note": "254"}, {"at": now, "text": REFERENCE}]}],
    }


def notices() -> dict[str, list[dict[str, Any]]]:
    levels = ("info", "success", "warning", "error")
    shown = [Message(level, sentence()) for level, tag in DEFAULT_TAGS.items() if tag in levels]
    return {
        "alarm": [
            {
                "title": _("Vacancies"),
                "body_template": "parts/error_list.html",
                "form": ExampleForm({}, prefix="alarm"),
            }
        ],
        "bell": [{"user": SimpleNamespace(is_authenticated=True), "unread_notifications": 3}],
        "messages": [{"messages": shown}],
        "notice": [{"text": sentence(), "level": level} for level in levels],
        "progress": [{"done": 120, "total": 632, "label": _("Apply")}, {"label": _("Check"), "total": 0}],
    }


def records() -> dict[str, list[dict[str, Any]]]:
    """Parts about a recommendation."""
    secret, stand = Recommendation.Confidentiality.RESTRICTED, Stand.PARTLY
    record = {
        "code": REFERENCE,
        "paragraph": "140.10",
        "body": {"code": "UPR"},
        "review": {"cycle": 4},
        "stand": stand.value,
        "get_stand_display": stand.label,
        "confidentiality": secret.value,
        "get_confidentiality_display": secret.label,
    }
    labels = [{"label": _("Right to education"), "origin": origin} for origin in Tagging.Origin.values]
    text = {"text": sentence(), "language": get_language() or "en"}
    pairs = zip(Voice, Common, strict=False)
    statuses = [(str(voice.label), value.value, str(value.label)) for voice, value in pairs]
    row = {"record": record, "states": ["Chile", "France"], "confirmed_labels": labels, "statuses": statuses, **text}
    states = [*Stand, *Recommendation.Confidentiality]
    extra = [("published", _("published")), ("unpublished", _("not published")), ("draft", _("draft, not decided"))]
    return {
        "badge": [
            {"value": value, "label": label} for value, label in [*((state, state.label) for state in states), *extra]
        ],
        "chip": [
            {"label": _("original")},
            {"label": _("machine translation"), "is_machine": True},
            {"label": "UPR", "title": _("Body"), "href": "#", "takes_away": True},
        ],
        "label_chip": labels,
        "record_badges": [{"it": record, "inside": True}],
        "status_mark": [
            {"status": {"assessment": assessment, "value": value, "words": words}}
            for assessment, value, words in statuses
        ],
        "result_card": [{"href": "#", "reference": REFERENCE, "fact": "UPR", **text}],
        "result_row": [{"row": row, "base": "#", "inside": True}],
        "side_panel": [{"title": REFERENCE, "body_template": "parts/record_badges.html", "it": record, "href": "#"}],
    }
