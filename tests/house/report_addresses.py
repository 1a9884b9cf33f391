"""Addresses of reports and their templates, for the one table."""

from functools import partial

from servanda.people.access import Can
from servanda.reporting.reports.text_gaps import key_of
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_template(scene: Scene) -> list:
    return [scene.templates.own.code]


def of_section(scene: Scene) -> list:
    return [scene.templates.own.code, scene.templates.section.key]


def of_report(scene: Scene) -> list:
    return [scene.reported.report.key]


def of_written(scene: Scene) -> list:
    return [scene.reported.report.key, scene.reported.section.key]


def of_following(scene: Scene) -> list:
    return [scene.reported.following.key, scene.reported.section.key]


def of_note(scene: Scene) -> list:
    return [*of_written(scene), scene.reported.note.pk]


def of_submitted(scene: Scene) -> list:
    return [scene.reported.submitted.key]


def of_published(scene: Scene) -> list:
    return [scene.reported.published.key]


def of_returned(scene: Scene) -> list:
    return [scene.reported.returned.key]


def of_preview(scene: Scene) -> list:
    return [scene.reported.preview.key]


def of_returned_section(scene: Scene) -> list:
    return [*of_returned(scene), scene.reported.section.key]


def of_returned_part(scene: Scene) -> list:
    return [*of_returned_section(scene), scene.reported.section.key]


def of_returned_comment(scene: Scene) -> list:
    return [*of_returned(scene), 0]


def of_download(scene: Scene) -> list:
    return [scene.reported.download.key]


def of_question(scene: Scene) -> list:
    return [*of_written(scene), scene.reported.question.pk]


def of_gap(scene: Scene) -> list:
    return [*of_written(scene), key_of("No data.", None, 0)]


def of_language(scene: Scene) -> list:
    return [scene.reported.report.key, scene.reported.translation.into.language]


def of_translation(scene: Scene) -> list:
    return [*of_language(scene), scene.reported.section.key]


def of_table(scene: Scene) -> list:
    return [scene.reported.table.key]


def of_returned_translation(scene: Scene) -> list:
    return [*of_table(scene), scene.reported.section.key]


def of_word_template(scene: Scene) -> list:
    return [scene.templates.word_template.key]


def of_outdated(scene: Scene) -> list:
    return [scene.templates.outdated.code]


edit = partial(Address, who=Can.EDIT_REPORTS, arguments=of_report)
read = partial(Address, who=Can.READ_INTERNAL, arguments=of_report)
shape = partial(Address, who=Can.EDIT_INSTANCE, arguments=of_template)

REPORTS: dict[str, Address] = {
    "desk:reports": Address(LOOK, Can.READ_INTERNAL),
    "desk:report": read(LOOK),
    "desk:report_text": read(LOOK),
    "desk:report_file": read(LOOK, arguments=lambda scene: [*of_report(scene), "docx"]),
    "desk:report_download": read(LOOK, arguments=of_download),
    "desk:report_download_progress": read(LOOK, arguments=of_download),
    "desk:downloaded_report": read(LOOK, arguments=of_download),
    "desk:add_report": Address(FORM, Can.EDIT_REPORTS),
    "desk:edit_report": edit(FORM),
    "desk:withdraw_report": edit(FORM),
    "desk:restore_report": edit(DO, arguments=lambda scene: [scene.reported.withdrawn.key]),
    "desk:assign_sections": edit(FORM),
    "desk:undo_assignment": edit(DO, arguments=lambda scene: of_report(scene) * 2),  # no change of its own
    "desk:start_report_clearance": edit(FORM),
    "desk:clear_report": read(DO),
    "desk:return_report": read(FORM),
    "desk:submit_report": edit(FORM),
    "desk:submission_progress": edit(LOOK, arguments=of_submitted),
    "desk:submitted_file": edit(LOOK, arguments=lambda scene: [*of_submitted(scene), "docx"]),
    "desk:publish_submitted_report": edit(DO, arguments=of_submitted),
    "desk:unpublish_submitted_report": edit(DO, arguments=of_published),
    "desk:send_word_file": edit(FORM),
    "desk:word_return": edit(LOOK, arguments=of_returned),
    "desk:keep_word_return": edit(DO, arguments=of_preview),
    "desk:discard_word_return": edit(DO, arguments=of_preview),
    "desk:accept_returned_section": edit(DO, arguments=of_returned_section),
    "desk:refuse_returned_section": edit(DO, arguments=of_returned_section),
    "desk:undo_returned_section": edit(DO, arguments=of_returned_section),
    "desk:accept_returned_part": edit(DO, arguments=of_returned_part),
    "desk:refuse_returned_part": edit(DO, arguments=of_returned_part),
    "desk:undo_returned_part": edit(DO, arguments=of_returned_part),
    "desk:resolve_returned_comment": edit(DO, arguments=of_returned_comment),
    "desk:reopen_returned_comment": edit(DO, arguments=of_returned_comment),
    "portal:submitted_reports": Address(LOOK, EVERYBODY),
    "portal:submitted_report": Address(LOOK, EVERYBODY, of_published),
    "portal:submitted_report_file": Address(LOOK, EVERYBODY, lambda scene: [*of_published(scene), "docx"]),
    "desk:move_section": edit(DO, arguments=of_written),
    "desk:add_report_section": edit(FORM),
    "desk:rename_report_section": edit(FORM, arguments=of_written),
    "desk:remove_report_section": edit(DO, arguments=of_written),
    "desk:divide_report_section": edit(FORM, arguments=of_written),
    "desk:split_report_section": edit(FORM, arguments=of_written),
    "desk:use_current_template": edit(FORM),
    "desk:write_section": read(FORM, arguments=of_written),
    "desk:draft_section": read(DO, arguments=of_written),
    "desk:fact_draft": read(LOOK, arguments=of_written),
    "desk:report_figures": read(LOOK),
    "desk:earlier_section": read(LOOK, arguments=of_following),
    "desk:report_notes": read(LOOK),
    "desk:report_notes_export": read(LOOK, arguments=lambda scene: [*of_report(scene), "xlsx"]),
    "desk:section_notes": read(LOOK, arguments=of_written),
    "desk:add_section_note": read(FORM, arguments=of_written),
    "desk:reply_section_note": read(DO, arguments=of_note),
    "desk:resolve_section_note": read(DO, arguments=of_note),
    "desk:reopen_section_note": read(DO, arguments=lambda scene: [*of_written(scene), scene.reported.resolved.pk]),
    "desk:accept_suggestion": read(DO, arguments=of_note),
    "desk:remind_of_input": edit(DO),
    "desk:section_input": read(LOOK, arguments=of_written),
    "desk:choose_questions": edit(FORM, arguments=of_written),
    "desk:edit_question_shares": edit(FORM, arguments=of_written),
    "desk:request_input": edit(FORM, arguments=of_written),
    "desk:section_versions": read(LOOK, arguments=of_written),
    "desk:restore_section_version": read(DO, arguments=lambda scene: [*of_written(scene), 1]),
    "desk:leave_unanswered": edit(DO, arguments=of_question),
    "desk:expect_answer": edit(DO, arguments=of_question),
    "desk:accept_gap": edit(DO, arguments=of_gap),
    "desk:reopen_gap": edit(DO, arguments=of_gap),
    "desk:report_translations": read(LOOK),
    "desk:add_report_translation": edit(FORM),
    "desk:edit_report_translation": edit(FORM, arguments=of_language),
    "desk:remove_report_translation": edit(DO, arguments=of_language),
    "desk:restore_report_translation": edit(DO, arguments=lambda scene: [*of_report(scene), "es"]),
    "desk:review_headings": read(DO, arguments=of_language),
    "desk:translated_file": read(LOOK, arguments=lambda scene: [*of_language(scene), "docx"]),
    "desk:translation_table": read(LOOK, arguments=of_language),
    "desk:send_translation_table": read(FORM, arguments=of_language),
    "desk:returned_table": read(LOOK, arguments=of_table),
    "desk:accept_returned_table": read(DO, arguments=of_table),
    "desk:accept_returned_translation": read(DO, arguments=of_returned_translation),
    "desk:refuse_returned_translation": read(DO, arguments=of_returned_translation),
    "desk:undo_returned_translation": read(DO, arguments=of_returned_translation),
    "desk:translate_section": read(FORM, arguments=of_translation),
    "desk:review_translation": read(DO, arguments=of_translation),
    "desk:translation_versions": read(LOOK, arguments=of_translation),
    "desk:restore_translation_version": read(DO, arguments=lambda scene: [*of_translation(scene), 1]),
    "desk:submitted_translation": edit(LOOK, arguments=lambda scene: [*of_submitted(scene), "fr", "docx"]),
    "portal:submitted_report_translation": Address(
        LOOK, EVERYBODY, lambda scene: [*of_published(scene), "fr", "docx"]
    ),
    "desk:word_templates": Address(LOOK, Can.EDIT_INSTANCE),
    "desk:add_word_template": Address(FORM, Can.EDIT_INSTANCE),
    "desk:example_word_template": Address(LOOK, Can.EDIT_INSTANCE),
    "desk:word_template_file": Address(LOOK, Can.EDIT_INSTANCE, of_word_template),
    "desk:retire_word_template": Address(DO, Can.EDIT_INSTANCE, of_word_template),
    "desk:offer_word_template": Address(
        DO, Can.EDIT_INSTANCE, lambda scene: [scene.templates.retired_word_template.key]
    ),
    "desk:report_templates": Address(LOOK, Can.READ_INTERNAL),
    "desk:report_template": Address(LOOK, Can.READ_INTERNAL, of_template),
    "desk:add_report_template": Address(FORM, Can.EDIT_INSTANCE),
    "desk:copy_report_template": shape(FORM),
    "desk:edit_report_template": shape(FORM),
    "desk:retire_report_template": shape(DO),
    "desk:offer_report_template": shape(DO, arguments=lambda scene: [scene.templates.retired.code]),
    "desk:take_over_template_part": shape(DO, arguments=lambda scene: [*of_outdated(scene), "pledges"]),
    "desk:keep_template_parts": shape(DO, arguments=of_outdated),
    "desk:add_template_section": shape(FORM),
    "desk:edit_template_section": shape(FORM, arguments=of_section),
    "desk:move_template_section": shape(DO, arguments=of_section),
    "desk:drop_template_section": shape(DO, arguments=of_section),
    "desk:restore_template_section": shape(
        DO, arguments=lambda scene: [scene.templates.own.code, scene.templates.dropped.key]
    ),
}
# Whose institution writes no section, whose appointment is for other bodies, or who only reads.
UNASSIGNED = frozenset({"reader", "auditor", "focal point of one below it", "focal point of one beside it"})
UNASSIGNED |= {"focal point for another body"}
# Who writes a section of the report, and to whom the translation is not assigned.
NOT_TRANSLATING = UNASSIGNED | {"focal point of the institution", "focal point of one above it", "authority"}
NOT_WRITING: dict[str, frozenset[str]] = dict.fromkeys(
    [
        *("desk:translation_table", "desk:send_translation_table", "desk:returned_table"),
        *("desk:accept_returned_table", "desk:accept_returned_translation", "desk:refuse_returned_translation"),
        "desk:undo_returned_translation",
    ],
    NOT_TRANSLATING,
) | dict.fromkeys(
    [
        *("desk:report", "desk:report_text", "desk:report_file", "desk:clear_report", "desk:return_report"),
        *("desk:report_download", "desk:report_download_progress", "desk:downloaded_report"),
        *("desk:write_section", "desk:draft_section", "desk:report_figures", "desk:earlier_section"),
        "desk:fact_draft",
        *("desk:report_notes", "desk:report_notes_export"),
        *("desk:section_notes", "desk:add_section_note", "desk:reply_section_note", "desk:resolve_section_note"),
        *("desk:reopen_section_note", "desk:accept_suggestion"),
        *("desk:section_versions", "desk:restore_section_version", "desk:section_input"),
        *("desk:report_translations", "desk:review_headings", "desk:translated_file", "desk:translate_section"),
        *("desk:review_translation", "desk:translation_versions", "desk:restore_translation_version"),
    ],
    UNASSIGNED,
)
