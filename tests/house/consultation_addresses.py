"""Addresses of consultations on drafts, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_open(scene: Scene) -> list:
    return [scene.consulted.open.key]


def of_drafted(scene: Scene) -> list:
    return [scene.consulted.drafted.key]


def of_withdrawn(scene: Scene) -> list:
    return [scene.consulted.withdrawn.key]


def of_planned(scene: Scene) -> list:
    return [scene.consulted.planned.key]


def of_file(scene: Scene) -> list:
    return [scene.consulted.file.key]


def of_comment(scene: Scene) -> list:
    return [*of_open(scene), scene.consulted.comment.pk]


def of_own(scene: Scene) -> list:
    return [*of_open(scene), scene.consulted.own.pk]


def of_visitor(scene: Scene) -> list:
    return [scene.consulted.waiting.key]


edit = partial(Address, who=Can.EDIT_REPORTS)

CONSULTATIONS: dict[str, Address] = {
    "desk:consultations": Address(LOOK, Can.USE_DESK),
    "desk:own_comments": Address(LOOK, Can.CONTRIBUTE),
    "desk:consultation": Address(LOOK, Can.USE_DESK, of_open),
    "desk:consultation_comments": Address(LOOK, Can.USE_DESK, of_open),
    "desk:consultation_comments_export": edit(LOOK, arguments=lambda scene: [*of_open(scene), "xlsx"]),
    "desk:consultation_comment": Address(
        LOOK, Can.USE_DESK, lambda scene: [*of_open(scene), scene.consulted.shown.pk]
    ),
    "desk:consultation_changes": edit(LOOK, arguments=of_open),
    "desk:add_consultation": edit(FORM, arguments=lambda scene: [scene.consulted.open.report.key]),
    "desk:edit_consultation": edit(FORM, arguments=of_drafted),
    "desk:open_consultation": edit(FORM, arguments=of_drafted),
    "desk:cancel_opening": edit(DO, arguments=of_planned),
    "desk:comment_file": Address(LOOK, Can.USE_DESK, of_file),
    "portal:public_comment_file": Address(LOOK, EVERYBODY, of_file),
    "desk:extend_consultation": edit(FORM, arguments=of_open),
    "desk:invite_to_consultation": edit(FORM, arguments=of_open),
    "desk:withdraw_consultation": edit(FORM, arguments=of_open),
    "desk:restore_consultation": edit(DO, arguments=of_withdrawn),
    "desk:add_consultation_comment": Address(FORM, Can.CONTRIBUTE, of_open),
    "desk:edit_consultation_comment": Address(FORM, Can.CONTRIBUTE, of_own),
    "desk:withdraw_consultation_comment": Address(FORM, Can.CONTRIBUTE, of_own),
    "desk:reply_consultation_comment": edit(FORM, arguments=of_comment),
    "desk:show_consultation_comment": edit(DO, arguments=of_comment),
    "desk:withhold_consultation_comment": edit(FORM, arguments=of_comment),
    "portal:consultations": Address(LOOK, EVERYBODY),
    "portal:consultation": Address(LOOK, EVERYBODY, of_open),
    "portal:consultation_comments": Address(LOOK, EVERYBODY, of_open),
    "portal:comment_on_draft": Address(FORM, EVERYBODY, of_open),
    "portal:comment_receipt": Address(LOOK, EVERYBODY, of_visitor),
    "portal:withdraw_comment": Address(FORM, EVERYBODY, of_visitor),
}
