"""The API as a whole: title, refusals in one shape, operations drawn from the catalogue, reads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.api import acting, answers
from dure.interfaces.api.reads import READERS


class DureAPI(NinjaAPI):
    """Ninja's API with our shape of refusals and our way to sign in named in the document."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:  # Any: passed on as it came
        """The OpenAPI document."""
        schema = super().get_openapi_schema(**options)
        components = schema["components"]
        components["schemas"]["Refusal"] = answers.ERROR_SCHEMA
        components.setdefault("securitySchemes", {})["token"] = {"type": "http", "scheme": "bearer"}
        return schema


api = DureAPI(
    title="Dure",
    version="1",
    description=(
        "Every change is an action of the catalogue: POST /api/v1/actions/<name>. Public reads "
        "need no token. Tokens are made at /me/tokens, each for one purpose and with an end."
    ),
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return answers.refused(refusal)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answers.not_found(request)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answers.no(
        error.status_code,
        "api.request",
        T("요청을 읽을 수 없습니다.", "The request could not be read."),
    )


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    form = T("정해진 꼴", "the stated form")
    details = tuple(
        (".".join(str(part) for part in fault["loc"][1:]) or "query", form)
        for fault in error.errors
    )
    name = details[0][0] if details else "query"
    return answers.refused(Refusal(CoreCode.BAD_FIELD, field=name, range=form, details=details))


acting.draw(api)
for prefix, router in READERS:
    api.add_router(prefix, router)
