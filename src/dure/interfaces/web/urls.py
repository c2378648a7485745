"""Addresses of the web face. Each room has one line here and its own `urlpatterns`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path

from dure.interfaces.web import about, gallery, me, reports

app_name = "web"

# Rooms: each module of this package that brings `urlpatterns`, in order.
ROOMS = (
    "dashboard",
    "registry",
    "imports",
    "money",
    "till",
    "treasury",
    "treasury_months",
    "treasury_batches",
    "treasury_reconcile",
    "treasury_clearing",
    "audit_books",
    "programmes",
    "programme_people",
    "programme_cash",
    "budget",
    "budget_vote",
    "budget_result",
    "budget_what_if",
    "budget_propose",
    "budget_proposals",
    "budget_papers",
    "budget_papers_type",
    "budget_papers_print",
    "budget_desk_proposals",
    "budget_desk_after",
    "budget_desk_trial",
    "budget_desk_import",
    "budget_desk_moderate",
    "budget_abouts",
    "budget_desk",
    "accounts",
    "notices",
    "people",
    "recovery",
    "acting",
    "breakglass",
    "exchange",
    "listings",
    "giving",
    "agreements",
    "answering",
    "hand_over",
    "exchange_photos",
    "library_desk",
    "library",
    "food_standing",
    "food_desk",
    "food_lists",
    "food_weighing",
    "food_packing",
    "food_files",
    "food_linked",
    "food_baskets",
    "food",
    "ride_points",
    "rides_own",
    "rides",
    "exchange_desk",
    "exchange_reports",
    "exchange_reviews",
    "exchange_processes",
    "exchange_simulation",
    "exchange_feeds",
    "pools",
    "matching",
    "repair_cases",
    "repair_desk",
    "repair",
    "journal",
    "core",
    "heads",
    "source",
    "indicators",
    "jobs",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("about/", about.about, name="about"),
    path("about/words/", about.words, name="words"),
    path("about/pages/", about.pages, name="pages"),
    path("me/", me.me, name="me"),
    path("csp-report", reports.csp_report, name="csp_report"),
    *gallery.urlpatterns,
]
for room in ROOMS:
    if find_spec(f"dure.interfaces.web.{room}"):
        urlpatterns += import_module(f"dure.interfaces.web.{room}").urlpatterns
