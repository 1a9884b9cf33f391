"""The form of a page, filled in as a person would who changes only what is required."""

from django.utils import timezone
from lxml import html

# What the form itself needs, where its own fields as the page shows them are not yet a whole answer.
FILLED = {
    "text": "Plain words",
    "textarea": "Plain words",
    "email": "new@example.org",
    "search": "",  # a search shows the form again
    "tel": "1",
    "number": "4",
    "password": "a long phrase to remember",
}


def form_of(page: bytes) -> dict[str, list[str]]:
    """The answer of a person who fills in what is required and leaves everything else as the page shows it."""
    if not page:  # it leads to another page, as the meanings of a file whose columns are not chosen
        return {}
    forms = html.fromstring(page).xpath("//main//form[@method='post']")
    answer: dict[str, list[str]] = {}
    for field in forms[0].xpath(".//input[@name] | .//select[@name] | .//textarea[@name]") if forms else []:
        answer.setdefault(field.get("name"), []).extend(value_of(field))
    return answer


def chosen_of(select) -> list[str]:
    """As a browser does: what is selected, else the first; nothing where several could be."""
    chosen = [option.get("value", "") for option in select.xpath(".//option[@selected]")]
    if any(chosen) or select.get("multiple") is not None:
        return chosen
    offered = [option.get("value", "") for option in select.xpath(".//option")]
    return [value for value in offered if value or select.get("required") is None][:1]


def value_of(field) -> list[str]:
    if field.tag == "select":
        return chosen_of(field)
    kind = "textarea" if field.tag == "textarea" else field.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.get("checked") is not None or kind == "radio" else []
    value = (field.text if kind == "textarea" else field.get("value")) or ""
    if value.strip() or kind in ("hidden", "file"):
        return [value]
    return [str(timezone.localdate())] if kind == "date" else [FILLED.get(kind, "")]
