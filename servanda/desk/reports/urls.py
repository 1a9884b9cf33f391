"""Addresses of reports and their templates."""

from django.urls import path

from servanda.desk.reports import inputs, looking_back, reports, submitting, template_sections, templates, writing

urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("new-report/", reports.add_report, name="add_report"),
    path("reports/<uuid:key>/", reports.report, name="report"),
    path("reports/<uuid:key>/text/", reports.report_text, name="report_text"),
    path("reports/<uuid:key>/file.<slug:format>", reports.report_file, name="report_file"),
    path("reports/<uuid:key>/edit/", reports.edit_report, name="edit_report"),
    path("reports/<uuid:key>/withdraw/", reports.withdraw_report, name="withdraw_report"),
    path("reports/<uuid:key>/restore/", reports.restore_report, name="restore_report"),
    path("reports/<uuid:key>/assign/", reports.assign_sections, name="assign_sections"),
    path("reports/<uuid:key>/clearance/", submitting.start_report_clearance, name="start_report_clearance"),
    path("reports/<uuid:key>/clear/", submitting.clear_report, name="clear_report"),
    path("reports/<uuid:key>/return/", submitting.return_report, name="return_report"),
    path("reports/<uuid:key>/submit/", submitting.submit_report, name="submit_report"),
    path("submitted-reports/<uuid:key>/progress/", submitting.submission_progress, name="submission_progress"),
    path("submitted-reports/<uuid:key>/file.<slug:format>", submitting.submitted_file, name="submitted_file"),
    path(
        "submitted-reports/<uuid:key>/publish/",
        submitting.publish_submitted_report,
        name="publish_submitted_report",
    ),
    path(
        "submitted-reports/<uuid:key>/unpublish/",
        submitting.unpublish_submitted_report,
        name="unpublish_submitted_report",
    ),
    path("reports/<uuid:key>/sections/<slug:section>/", writing.write_section, name="write_section"),
    path("reports/<uuid:key>/figures/", looking_back.report_figures, name="report_figures"),
    path("reports/<uuid:key>/sections/<slug:section>/earlier/", looking_back.earlier_section, name="earlier_section"),
    path("reports/<uuid:key>/remind/", inputs.remind_of_input, name="remind_of_input"),
    path("reports/<uuid:key>/sections/<slug:section>/input/", inputs.section_input, name="section_input"),
    path("reports/<uuid:key>/sections/<slug:section>/questions/", inputs.choose_questions, name="choose_questions"),
    path("reports/<uuid:key>/sections/<slug:section>/request/", inputs.request_input, name="request_input"),
    path("reports/<uuid:key>/sections/<slug:section>/draft/", writing.draft_section, name="draft_section"),
    path("reports/<uuid:key>/sections/<slug:section>/move/", reports.move_section, name="move_section"),
    path(
        "reports/<uuid:key>/sections/<slug:section>/versions/",
        writing.section_versions,
        name="section_versions",
    ),
    path(
        "reports/<uuid:key>/sections/<slug:section>/versions/<int:number>/restore/",
        writing.restore_section_version,
        name="restore_section_version",
    ),
    path("report-templates/", templates.report_templates, name="report_templates"),
    path("new-report-template/", templates.add_report_template, name="add_report_template"),
    path("report-templates/<slug:code>/", templates.report_template, name="report_template"),
    path("report-templates/<slug:code>/copy/", templates.copy_report_template, name="copy_report_template"),
    path("report-templates/<slug:code>/edit/", templates.edit_report_template, name="edit_report_template"),
    path("report-templates/<slug:code>/retire/", templates.retire_report_template, name="retire_report_template"),
    path("report-templates/<slug:code>/offer/", templates.offer_report_template, name="offer_report_template"),
    path(
        "report-templates/<slug:code>/take-over/<slug:key>/",
        templates.take_over_template_part,
        name="take_over_template_part",
    ),
    path("report-templates/<slug:code>/keep/", templates.keep_template_parts, name="keep_template_parts"),
    path(
        "report-templates/<slug:code>/new-section/",
        template_sections.add_template_section,
        name="add_template_section",
    ),
    path(
        "report-templates/<slug:code>/sections/<slug:key>/",
        template_sections.edit_template_section,
        name="edit_template_section",
    ),
    path(
        "report-templates/<slug:code>/sections/<slug:key>/move/",
        template_sections.move_template_section,
        name="move_template_section",
    ),
    path(
        "report-templates/<slug:code>/sections/<slug:key>/leave-out/",
        template_sections.drop_template_section,
        name="drop_template_section",
    ),
    path(
        "report-templates/<slug:code>/sections/<slug:key>/restore/",
        template_sections.restore_template_section,
        name="restore_template_section",
    ),
]
