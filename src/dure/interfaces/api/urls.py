"""Addresses of the API: no language before them, one version in them."""

from django.urls import path

from dure.interfaces.api.main import api

urlpatterns = [path("api/v1/", api.urls)]
