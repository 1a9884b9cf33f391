"""Addresses of reports and their templates."""

from django.urls import path

from servanda.desk.reports import template_sections, templates

urlpatterns = [
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
