"""Addresses of reports and their templates, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address
from tests.house.scene import Scene


def of_template(there: Scene) -> list:
    return [there.templates.own.code]


def of_section(there: Scene) -> list:
    return [there.templates.own.code, there.templates.section.key]


def of_outdated(there: Scene) -> list:
    return [there.templates.outdated.code]


shape = partial(Address, who=Can.EDIT_INSTANCE, arguments=of_template)

REPORTS: dict[str, Address] = {
    "desk:report_templates": Address(LOOK, Can.READ_INTERNAL),
    "desk:report_template": Address(LOOK, Can.READ_INTERNAL, of_template),
    "desk:add_report_template": Address(FORM, Can.EDIT_INSTANCE),
    "desk:copy_report_template": shape(FORM),
    "desk:edit_report_template": shape(FORM),
    "desk:retire_report_template": shape(DO),
    "desk:offer_report_template": shape(DO, arguments=lambda there: [there.templates.retired.code]),
    "desk:take_over_template_part": shape(DO, arguments=lambda there: [*of_outdated(there), "pledges"]),
    "desk:keep_template_parts": shape(DO, arguments=of_outdated),
    "desk:add_template_section": shape(FORM),
    "desk:edit_template_section": shape(FORM, arguments=of_section),
    "desk:move_template_section": shape(DO, arguments=of_section),
    "desk:drop_template_section": shape(DO, arguments=of_section),
    "desk:restore_template_section": shape(
        DO, arguments=lambda there: [there.templates.own.code, there.templates.dropped.key]
    ),
}
