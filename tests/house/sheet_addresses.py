"""Who may ask for what of the spreadsheets: the same pages for each kind, with the permission of the kind."""

from collections.abc import Callable

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address
from tests.house.scene import Scene

USUAL = "people"  # the kind whose addresses stand in the table under their plain names


def sheet_pages(
    code: str,
    who: Can,
    key: Callable[[Scene], object],
    about: Callable[[Scene], list] = lambda _scene: [],
    *,
    has_template: bool = True,
) -> dict[str, Address]:
    def of_file(scene: Scene) -> list:
        return [code, key(scene)]

    pages = {
        "send_sheet": Address(FORM, who, lambda scene: [code, *about(scene)]),
        "sheet_template": Address(LOOK, who, lambda _scene: [code]),
        "sheet": Address(LOOK, who, of_file),
        "sheet_progress": Address(LOOK, who, of_file),
        "apply_sheet": Address(DO, who, of_file),
        "undo_sheet": Address(DO, who, of_file),
        "discard_sheet": Address(DO, who, of_file),
    }
    if not has_template:
        del pages["sheet_template"]
    return {f"desk:{name}{'' if code == USUAL else f'@{code}'}": page for name, page in pages.items()}


SHEETS: dict[str, Address] = {
    "desk:export_people": Address(LOOK, Can.MANAGE_PEOPLE, lambda _scene: ["all.xlsx"]),
    **sheet_pages("people", Can.MANAGE_PEOPLE, lambda scene: scene.people_sheet.key),
    **sheet_pages("treaties", Can.EDIT_REGISTER, lambda scene: scene.treaty_sheet.key),
    **sheet_pages("questions", Can.EDIT_REGISTER, lambda scene: scene.question_sheet.key, has_template=False),
    **sheet_pages("actions", Can.EDIT_PLAN, lambda scene: scene.planned.sheet.key),
    **sheet_pages("obligations", Can.EDIT_OBLIGATIONS, lambda scene: scene.owed.sheet.key),
    **sheet_pages("measures", Can.RUN_PROCEEDINGS, lambda scene: scene.measure_sheet.key),
    **sheet_pages("values", Can.EDIT_OWN_ACTIONS, lambda scene: scene.counted.sheet.key, has_template=False),
    **sheet_pages(
        "answers",
        Can.READ_INTERNAL,
        lambda scene: scene.answers.batch.key,
        about=lambda scene: [scene.asked.pk],
        has_template=False,
    ),
}
