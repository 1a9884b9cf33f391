from django.conf import settings
from django.urls import path

from servanda.portal import (
    calendars,
    contributing,
    home,
    indicators,
    letters,
    overview,
    parts,
    preferences,
    record,
    register,
    searching,
    tour,
    treaties,
    views,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("recommendations/", register.register, name="register"),
    path("recommendations.<str:format>", register.register_export, name="register_export"),
    path("recommendations/<str:code>/panel/", register.recommendation_panel, name="recommendation_panel"),
    path("recommendations/<str:code>/file.<str:format>", record.recommendation_file, name="recommendation_file"),
    path("recommendations/<str:code>/similar/", record.similar_records, name="similar_records"),
    path("recommendations/<str:code>/", record.recommendation, name="recommendation"),
    path("hidden-records/", record.hidden_records, name="hidden_records"),
    path("evidence/<uuid:key>/", views.evidence_file, name="evidence_file"),
    path("indicators/<str:code>/", indicators.indicator, name="indicator"),
    path("indicators/<str:code>/chart.svg", indicators.indicator_chart, name="indicator_chart"),
    path("indicators/<str:code>/values.csv", indicators.indicator_values, name="indicator_values"),
    path("treaties/", treaties.treaties, name="treaties"),
    path("communications/", letters.letters, name="letters"),
    path("communications/<uuid:key>/", letters.letter, name="letter"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:figure>.svg", overview.chart, name="chart"),
    path("overview/<slug:figure>.csv", overview.figure_table, name="figure_table"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/obligations.ics", calendars.calendar_file, name="calendar_file"),
    path("calendar/<str:key>/obligations.ics", calendars.calendar_feed, name="calendar_feed"),
    path("open-data/", views.open_data, name="open_data"),
    path("contribute/", contributing.contribute, name="contribute"),
    path("contribute/<uuid:key>/", contributing.contribution_receipt, name="contribution_receipt"),
    path("glossary/", views.glossary, name="glossary"),
    path("languages/", preferences.languages, name="languages"),
    path("language-of-texts/", preferences.choose_text_language, name="choose_text_language"),
    path("tour/", tour.tour, name="tour"),
    path("about/", views.about, name="about"),
    path("search/", searching.search, name="search"),
    path("palette/", searching.palette, name="palette"),
    path("search/records/", searching.find_records, name="find_records"),
    path("theme/", preferences.choose_theme, name="choose_theme"),
    path("shortcuts/", searching.shortcuts, name="shortcuts"),
]
if settings.DEBUG:
    urlpatterns.append(path("parts/", parts.parts, name="parts"))
