"""Who may ask for suggested labels, and for what they were learned from."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address
from tests.house.scene import Scene


def of_suggestion(scene: Scene) -> list:
    return [scene.suggested.waiting.pk]


def of_pair(scene: Scene) -> list:
    return [scene.suggested.lead.term_id, scene.ministry.pk]


decides = partial(Address, who=Can.EDIT_REGISTER, arguments=of_suggestion)

SUGGESTIONS: dict[str, Address] = {
    "desk:suggestions": Address(LOOK, Can.EDIT_REGISTER),
    "desk:suggestion": decides(LOOK),
    "desk:accept_suggestion": decides(DO),
    "desk:change_suggestion": decides(FORM),
    "desk:reject_suggestion": decides(DO),
    "desk:reopen_suggestion": Address(DO, Can.EDIT_REGISTER, lambda scene: [scene.suggested.rejected.pk]),
    "desk:accept_suggestions": Address(FORM, Can.EDIT_REGISTER, lambda scene: [scene.suggested.line.pk]),
    "desk:decide_suggestions": Address(DO, Can.EDIT_REGISTER),
    "desk:theme_leads": Address(FORM, Can.ASSIGN),
    "desk:remove_theme_lead": Address(DO, Can.ASSIGN, lambda scene: [scene.suggested.lead.pk]),
    "desk:restore_theme_lead": Address(DO, Can.ASSIGN, of_pair),
    "desk:learn_leads": Address(DO, Can.ASSIGN),
    "desk:learned_models": Address(LOOK, Can.EDIT_REGISTER),
    "desk:learned_model": Address(LOOK, Can.EDIT_REGISTER, lambda scene: [scene.suggested.model.pk]),
    "desk:learn_labels": Address(DO, Can.EDIT_REGISTER),
}
