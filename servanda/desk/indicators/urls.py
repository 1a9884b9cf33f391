"""Addresses of indicators and their values."""

from django.urls import path, re_path

from servanda.desk.indicators import editing, views

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    re_path(r"^indicators\.(?P<format>csv|xlsx|json)$", views.indicators_export, name="indicators_export"),
    re_path(r"^indicators-values\.(?P<format>csv|xlsx)$", views.indicators_values, name="indicators_values"),
    path("new-indicator/", editing.add_indicator, name="add_indicator"),
    path("indicators/<str:code>/records/", editing.link_records, name="link_records"),
    path("indicator-links/", editing.link_indicator, name="link_indicator"),
    path("indicator-links/<int:pk>/end/", editing.unlink_indicator, name="unlink_indicator"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("indicators/<str:code>/chart.svg", views.indicator_chart, name="indicator_chart"),
    re_path(
        r"^indicators/(?P<code>[^/]+)/values\.(?P<format>csv|xlsx)$",
        views.indicator_values,
        name="indicator_values",
    ),
    path("indicators/<str:code>/edit/", editing.edit_indicator, name="edit_indicator"),
    path("indicators/<str:code>/dimensions/", editing.set_dimensions, name="set_dimensions"),
    path("indicators/<str:code>/withdraw/", editing.withdraw_indicator, name="withdraw_indicator"),
    path("indicators/<str:code>/restore/", editing.restore_indicator, name="restore_indicator"),
    path("indicators/<str:code>/progress/", editing.override_progress, name="override_progress"),
    path("indicators/<str:code>/progress/clear/", editing.clear_override, name="clear_override"),
    path("indicators/<str:code>/measure/", editing.measure, name="measure"),
    path(
        "indicators/<str:code>/values/<int:pk>/correct/",
        editing.correct_measurement,
        name="correct_measurement",
    ),
]
