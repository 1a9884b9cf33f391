"""Filters that every page may load: codes and texts that keep their own direction, names of languages."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import get_format, localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from servanda.kit.pages import addresses, form_errors, shapes, text_language, translations
from servanda.kit.pages import markdown as markdown_texts
from servanda.kit.server import request_id

register = template.Library()

SMALL_NAMES = {"es", "fr", "pt"}  # in these, names of languages are not capitalised, but Django capitalises some
LONGEST_OPTION = 64  # characters
LONGEST_CHIP = 40
WEB = re.compile(r"(?:https?|ftps?)://", re.IGNORECASE)
WEB_LINK = '<a href="{}" rel="noopener noreferrer nofollow">{}</a>'
NOTE = re.compile(r"\[\^(\d{1,4})\]")
OPTION = '<a class="facet-option" href="{}" rel="nofollow"><span>{}</span><span class="facet-count">{}</span></a>'
CHOSEN_OPTION = (
    '<a class="facet-option" href="{}" rel="nofollow" aria-current="true">'
    '<span>{}<span class="visually-hidden"> ({})</span></span><span class="facet-count">{}</span></a>'
)

SHAPE = '<svg class="shape" aria-hidden="true"><use href="{}#{}"/></svg>'
NUMBER, NOUGHT = '<td class="number" data-label="{}">{}</td>', '<td class="number nought" data-label="{}">{}</td>'
LINKED_NUMBER = (
    '<td class="number" data-label="{}"><a href="{}">{}<span class="visually-hidden"> ({} · {})</span></a></td>'
)


@register.simple_block_tag
def once(content: str) -> str:
    """Render a part that a page repeats once: `{% once as part %}…{% endonce %}`, then `{{ part }}`."""
    return content


@register.simple_block_tag
def web_link(content: str, address: str) -> str:
    """A link to an address that somebody entered or another system sent: `{% web_link it.link %}…{% endweb_link %}`.
    Only its words where the address is no place of the web, such as `javascript:…`."""
    return format_html(WEB_LINK, address, content) if WEB.match(address) else content


@register.filter
def link_target(field: BoundField) -> str:
    """The id that a link to a field leads to; of radio buttons and checkboxes, that of the first."""
    return field.id_for_label or next((option.id_for_label for option in field.subwidgets), field.auto_id)


@register.filter
def in_summary(error: object, field: BoundField) -> str:
    return form_errors.in_summary(error, field)


@register.simple_tag
def thousands() -> str:
    """The mark between thousands in the language of the page, for scripts that write a number."""
    return get_format("THOUSAND_SEPARATOR")


@register.simple_tag
def position_in(page: Page) -> str:
    """Which rows of a list a page shows, for `parts/pager.html`: `{% position_in page as position %}`."""
    numbers = {"first": page.start_index(), "last": page.end_index(), "total": page.paginator.count}
    return _("%(first)s–%(last)s of %(total)s") % {name: localize(number) for name, number in numbers.items()}


@register.filter
def code(value: object) -> str:
    """A symbol, reference or number that must read left to right also inside Arabic."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', value) if value not in (None, "") else ""


@register.filter
def isolated(text: object) -> str:
    """A name inside a sentence, which keeps its own direction and leaves that of the sentence alone."""
    return format_html("<bdi>{}</bdi>", text) if text not in (None, "") else ""


@register.simple_tag(takes_context=True)
def full_address(context: dict, path: str) -> str:
    """The address of a page with its origin, to be copied, cited or sent."""
    return addresses.origin_of(context["request"]) + path


@register.filter
def markdown(text: object) -> str:
    """A text that a person wrote in Markdown, as safe HTML."""
    return markdown_texts.as_html(str(text or ""))


@register.filter
def link_notes(html: SafeString, key: int) -> SafeString:
    """The marks of notes, such as `[^1]`, as links to the notes of the text with this key."""
    return mark_safe(NOTE.sub(rf'<sup><a href="#note-{int(key)}-\1">\1</a></sup>', html))  # noqa: S308 -- digits only


@register.filter
def langtext(text: object, language: str = "") -> str:
    """A text with its own language declared, for screen readers and hyphenation."""
    if language:
        return format_html('<span class="langtext" lang="{}" dir="auto">{}</span>', language, text)
    return format_html('<span class="langtext" dir="auto">{}</span>', text)


@register.filter
def language_name(language: str) -> str:
    """The name of a language in the language of the page; the code where no name is known."""
    try:
        name = _("Chinese") if language == "zh" else _(get_language_info(language)["name"])
    except KeyError:
        return language
    return name[:1].lower() + name[1:] if wanted() in SMALL_NAMES else name


@register.filter
def names_of_languages(languages: Iterable[str]) -> str:
    return translations.separator(wanted()).join(language_name(language) for language in languages)


@register.filter
def own_language_name(language: str) -> str:
    """The name of a language as its speakers write it."""
    try:
        info = get_language_info(language)
    except KeyError:
        return language
    return format_html('<span lang="{}" dir="auto">{}</span>', language, info["name_local"].capitalize())


@register.filter
def in_language(text: object) -> str:
    """A name stored in several languages; where the reader's is missing, the one that is shown is declared."""
    shown = language_shown(text)
    if not shown or shown == wanted():
        return format_html("{}", text)
    return format_html('<span lang="{}" dir="auto">{}</span>', shown, text)


def language_shown(text: object) -> str:
    """The language in which a name is shown; empty for plain strings."""
    names = getattr(text, "data", None)
    if not isinstance(names, dict):
        return ""
    filled = [language for language, word in names.items() if word]
    for language in (wanted(), settings.LANGUAGE_CODE):
        if language in filled:
            return language
    return filled[0] if filled else ""


def wanted() -> str:
    return (get_language() or settings.LANGUAGE_CODE).partition("-")[0]


@register.simple_tag
def shown_instead(language: str) -> str:
    """The remark beside a text of a record that is not in the language that the reader wants."""
    if not language or text_language.is_wanted(language):
        return ""
    names = {"language": language_name(language), "wanted": language_name(text_language.wanted())}
    return _("Shown in %(language)s: there is no %(wanted)s version.") % names


@register.simple_tag
def shown_in_others(languages: Iterable[str]) -> str:
    """The remark above a list of texts of which some are not in the language that the reader wants."""
    if not any(shown_instead(language) for language in set(languages)):
        return ""
    note = _("Where there is no %(wanted)s version, the text is in the language whose code follows the reference.")
    return note % {"wanted": language_name(text_language.wanted())}


@register.simple_tag
def chosen_for_texts() -> str:
    """The language that the reader chose for texts of records; empty where they follow the page."""
    return text_language.chosen()


@register.simple_tag
def languages_for_texts(codes: Iterable[str]) -> list[str]:
    """The languages of the pages, followed by others in which records have texts."""
    return list(dict.fromkeys([*(code for code, _name in settings.LANGUAGES), *codes]))


@register.filter
def listed(items: Iterable[object]) -> str:
    """Several names in one line, each with its own direction, separated as in the reader's language."""
    return format_html_join(
        translations.separator(wanted()), "<bdi>{}</bdi>", ((in_language(item),) for item in items)
    )


LEAST_GROUPED = 1000  # below, a number is written alike in all languages


@register.filter
def facet_options(options: Iterable[Mapping]) -> str:
    """The values of a filter as list items. Pages have hundreds of them, so a template for each would be slow."""
    return format_html_join("\n", "<li>{}</li>", ((facet_option(option),) for option in options))


def facet_option(option: Mapping) -> str:
    number = option["count"]
    label, count = str(option["label"]), str(number) if number < LEAST_GROUPED else localize(number)
    if len(label) > LONGEST_OPTION:
        label = Truncator(label).chars(LONGEST_OPTION)
    if not option["is_chosen"]:
        return format_html(OPTION, option["url"], label, count)
    return format_html(CHOSEN_OPTION, option["url"], label, _("selected; follow the link to remove it"), count)


@register.filter
def number_cells(cells: Iterable[Mapping], row: object) -> str:
    """The numbers of one row of a table as cells, each with a link to its list unless it is nought (`label`, `count`,
    `href`). Tables have hundreds of them, so a template for each would be slow."""
    return format_html_join("", "{}", ((number_cell(cell, row),) for cell in cells))


def number_cell(cell: Mapping, row: object) -> str:
    count = cell["count"]
    shown = str(count) if count < LEAST_GROUPED else localize(count)
    if not count:
        return format_html(NOUGHT, cell["label"], shown)
    if not cell.get("href"):
        return format_html(NUMBER, cell["label"], shown)
    return format_html(LINKED_NUMBER, cell["label"], cell["href"], shown, row, cell["label"])


@register.filter
def label_chips(labels: Iterable[Mapping]) -> str:
    """Labels as list items. Pages have hundreds of them, most repeated from the row above, so they are cached."""
    drawn = ((label_chip(str(tagging["label"]), tagging["origin"], get_language()),) for tagging in labels)
    return format_html_join("", "<li>{}</li>", drawn)


@register.filter
def folded_chips(labels: Iterable[Mapping]) -> str:
    """Suggested labels below a heading that names their origin once, so no chip repeats it."""
    drawn = ((Truncator(str(tagging["label"])).chars(LONGEST_CHIP),) for tagging in labels)
    return format_html_join("", '<li><span class="chip chip-machine">{}</span></li>', drawn)


@lru_cache(maxsize=4096)
def label_chip(label: str, origin: str, _language: str | None) -> str:
    """`_language` is part of the cache key: the words of a chip are in the language of the page."""
    shown = {"label": Truncator(label).chars(LONGEST_CHIP), "origin": origin}
    return render_to_string("parts/label_chip.html", shown)


@register.filter
def shape(value: object) -> str:
    """The shape of a stored code of a state, so that colour never speaks alone; nothing for codes without one."""
    name = shapes.SHAPES.get(str(value))
    return format_html(SHAPE, static("img/icons.svg"), name) if name else ""


@register.filter
def badge(value: str, label: object) -> str:
    """`parts/badge.html`, drawn once for all rows alike."""
    return drawn_badge(str(value), str(label))


@lru_cache(maxsize=512)
def drawn_badge(value: str, label: str) -> str:
    return render_to_string("parts/badge.html", {"value": value, "label": label})


@register.filter
def status_marks(statuses: Iterable[tuple[str, str, str]]) -> str:
    """A small mark for each assessment (whose it is, stored value, words), drawn once for all rows alike. Where there
    is no value, one says so in words: several empty marks would not say what they stand for."""
    return drawn_marks(tuple(tuple(status) for status in statuses)) if statuses else ""


@lru_cache(maxsize=1024)
def drawn_marks(statuses: tuple[tuple[str, ...], ...]) -> str:
    if not any(value for _assessment, value, _words in statuses):
        return format_html('<span class="soft">{}</span>', statuses[0][2])
    names = ("assessment", "value", "words")
    marks = [dict(zip(names, status, strict=True)) for status in statuses]
    drawn = ((render_to_string("parts/status_mark.html", {"status": mark}),) for mark in marks)
    return format_html('<span class="status-marks">{}</span>', format_html_join("", "{}", drawn))


@register.simple_tag
def comma() -> str:
    """The separator for lists that a template writes itself, such as links."""
    return translations.separator(wanted())


@register.simple_tag
def colon() -> str:
    """The colon after a label, for which French has a space before it."""
    return _("%(label)s:") % {"label": ""}


@register.simple_tag
def is_confirmed_language() -> bool:
    """Whether a speaker has confirmed the translations in the language of the page."""
    return translations.is_confirmed(wanted())


@register.filter
def inputs_by_language(field: BoundField) -> list[dict]:
    """One input for each language of a translated text, so that each can have a label."""
    widget = field.field.widget
    values = field.value()
    if not isinstance(values, list):
        values = widget.decompress(values)
    inputs = []
    for number, (language, part) in enumerate(zip(widget.locales, widget.widgets, strict=True)):
        attributes = {"id": f"{field.auto_id}_{number}"}
        if field.aria_describedby:
            attributes["aria-describedby"] = field.aria_describedby
        html = part.render(f"{field.html_name}_{number}", values[number], attributes)
        inputs.append({"language": language, "id": attributes["id"], "html": html})
    return inputs


@register.simple_tag
def request_line() -> str:
    """The request id, to be quoted in a report; a tag, because some error pages have no context."""
    if not (request_number := request_id.current()):
        return ""
    number = format_html('<bdi dir="ltr" class="code request-id">{}</bdi>', request_number)
    return format_html('<p class="small soft">{} {}</p>', _("If you report this problem, quote this number:"), number)


@register.simple_tag
def together(*items: object) -> tuple[object, ...]:
    """Several values as one tuple, for a part that takes a list."""
    return items


@register.filter
def percentage(number: object) -> str:
    """A number with its sign, in the form of the language: 55% in English, with a space in French."""
    return _("%(percent)s%%") % {"percent": localize(number)}
