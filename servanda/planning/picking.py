"""Choosing actions in a form, as records are chosen: by words, by reference, or by references that are pasted."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from servanda.kit.database.word_filters import has_word
from servanda.planning.models import Action
from servanda.recommendations.picking.fields import Picked, PickedField, Picker, codes_in, shortened
from servanda.recommendations.picking.queries import MOST_FOUND, Choice, Found
from servanda.recommendations.register.global_search import question

MOST_WORDS = 8


class FoundActions(Found):
    @property
    def line(self) -> str:
        number = len(self.choices)
        if self.has_more:
            sentence = _("The first %(number)d actions found. Enter more words to narrow the results.")
        elif number:
            sentence = ngettext("%(number)d action found", "%(number)d actions found", number)
        else:
            return _("No other actions found. Enter fewer or different words.")
        return sentence % {"number": number}


def find_actions(words: str, actions: QuerySet[Action]) -> FoundActions:
    """The first actions with these words in their title or description, or whose reference begins with them."""
    if not (typed := question(words)):
        return FoundActions("")
    has_words = Q()
    for word in typed.split()[:MOST_WORDS]:
        has_words &= has_word("title", word) | has_word("description", word)
    found = actions.filter(has_words | Q(code__istartswith=typed)).order_by("code")[: MOST_FOUND + 1]
    choices = [choice_of(action) for action in found]
    return FoundActions(typed, choices[:MOST_FOUND], has_more=len(choices) > MOST_FOUND)


def choice_of(action: Action) -> Choice:
    return Choice(action.code, action.get_status_display(), action.title)


def with_codes(actions: QuerySet[Action], codes: Sequence[str]) -> dict[str, Action]:
    """By the reference as it was typed, in small or capital letters."""
    rows = actions.annotate(folded=Lower("code")).filter(folded__in=[code.lower() for code in codes])
    found = {action.code.lower(): action for action in rows}
    return {code: action for code in codes if (action := found.get(code.lower()))}


class ActionPicker(Picker):
    address = "desk:find_actions"
    chosen_label = gettext_lazy("Selected actions")
    search_label = gettext_lazy("Search actions")

    def choices(self, codes: Sequence[str]) -> Iterable[Choice]:
        found = with_codes(self.rows, codes) if self.rows is not None else {}
        return [choice_of(action)._replace(code=code) for code, action in found.items()]

    def find(self, words: str) -> Found:
        return find_actions(words, self.rows) if self.rows is not None else FoundActions("")

    def further_line(self, number: int) -> str:
        sentence = ngettext("%(number)d more action selected", "%(number)d more actions selected", number)
        return sentence % {"number": number}


class ActionsField(PickedField):
    """Actions by their references, in the order in which they were chosen."""

    widget = ActionPicker

    def clean(self, value: Picked) -> list[Action]:
        """Raises `ValidationError` for references of actions that the person cannot see, and for too many."""
        too_many, none = _("Select at most %(most)s actions."), _("Select at least one action.")
        self.refuse_number(value.codes, too_many=too_many, none=none)
        found = with_codes(self.widget.rows, value.codes) if self.widget.rows is not None else {}
        if missing := [code for code in value.codes if code not in found]:
            sentence = _("No action has this reference: %s. Check the reference.")
            raise forms.ValidationError(sentence % shortened(missing))
        return list(dict.fromkeys(found.values()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        codes = data.codes if isinstance(data, Picked) else codes_in([str(data or "")])
        return codes_in([str(initial or "")]) != list(codes)


def offer_actions(form: forms.BaseForm, actions: QuerySet[Action]) -> None:
    """Let the pickers of the form find these actions and no others."""
    for field in form.fields.values():
        if isinstance(field, ActionsField):
            field.widget.rows = actions
