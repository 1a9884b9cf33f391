"""Addresses of indicators and their values."""

from django.urls import path, re_path

from servanda.desk.indicators import editing as indicator_editing
from servanda.desk.indicators import views as indicator_views
from servanda.desk.sheets import values as value_sheets

patterns = [
    path("indicators/", indicator_views.indicators, name="indicators"),
    re_path(r"^indicators\.(?P<format>csv|xlsx|json)$", indicator_views.indicators_export, name="indicators_export"),
    re_path(
        r"^indicators-values\.(?P<format>csv|xlsx)$", indicator_views.indicators_values, name="indicators_values"
    ),
    path("value-sheets/", value_sheets.value_sheets, name="value_sheets"),
    path("value-sheets/send/", value_sheets.send_value_sheet, name="send_value_sheet"),
    path("value-sheets/<uuid:key>/", value_sheets.value_sheet, name="value_sheet"),
    path("value-sheets/<uuid:key>/apply/", value_sheets.apply_value_sheet, name="apply_value_sheet"),
    path("value-sheets/<uuid:key>/undo/", value_sheets.undo_value_sheet, name="undo_value_sheet"),
    path("value-sheets/<uuid:key>/discard/", value_sheets.discard_value_sheet, name="discard_value_sheet"),
    path("new-indicator/", indicator_editing.add_indicator, name="add_indicator"),
    path("indicator-links/", indicator_editing.link_indicator, name="link_indicator"),
    path("indicator-links/<int:pk>/end/", indicator_editing.unlink_indicator, name="unlink_indicator"),
    path("indicators/<str:code>/", indicator_views.indicator, name="indicator"),
    path("indicators/<str:code>/chart.svg", indicator_views.indicator_chart, name="indicator_chart"),
    re_path(
        r"^indicators/(?P<code>[^/]+)/values\.(?P<format>csv|xlsx)$",
        indicator_views.indicator_values,
        name="indicator_values",
    ),
    path("indicators/<str:code>/edit/", indicator_editing.edit_indicator, name="edit_indicator"),
    path("indicators/<str:code>/dimensions/", indicator_editing.set_dimensions, name="set_dimensions"),
    path("indicators/<str:code>/withdraw/", indicator_editing.withdraw_indicator, name="withdraw_indicator"),
    path("indicators/<str:code>/restore/", indicator_editing.restore_indicator, name="restore_indicator"),
    path("indicators/<str:code>/progress/", indicator_editing.override_progress, name="override_progress"),
    path("indicators/<str:code>/progress/clear/", indicator_editing.clear_override, name="clear_override"),
    path("indicators/<str:code>/measure/", indicator_editing.measure, name="measure"),
    path(
        "indicators/<str:code>/values/<int:pk>/correct/",
        indicator_editing.correct_measurement,
        name="correct_measurement",
    ),
]
