"""Hints on whether an action is SMART: specific, measurable, achievable, relevant, time-bound. They block nothing."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from servanda.planning.models import Action

ENOUGH_WORDS = 8


class Hint(NamedTuple):
    """One letter of SMART: whether the action meets it, and advice if not."""

    key: str
    name: str
    is_met: bool
    advice: str


def hints(action: Action, *, has_lead: bool, has_milestones: bool, has_indicators: bool, serves: bool) -> list[Hint]:
    """The five hints, from what the reader sees of the action."""
    is_described = len(action.description.split()) >= ENOUGH_WORDS
    return [
        Hint(
            "specific",
            _("Specific"),
            is_described and has_lead,
            _("Describe the action in a sentence and enter the lead institution."),
        ),
        Hint(
            "measurable",
            _("Measurable"),
            has_milestones or has_indicators,
            _("Add a milestone or link an indicator."),
        ),
        Hint(
            "achievable",
            _("Achievable"),
            action.budget is not None or bool(action.budget_line),
            _("Enter the budget and how much of it is funded, or the budget line."),
        ),
        Hint("relevant", _("Relevant"), serves, _("Link the recommendations that it addresses.")),
        Hint("time-bound", _("Time-bound"), action.due_on is not None, _("Enter a due date.")),
    ]
