"""One way to say what went wrong, for every operation: problem details (RFC 9457), in words a person can use."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import BaseThrottle
from pydantic import Field

from becontree.foundations.kit.throttle import too_many

MEDIA_TYPE: Final = "application/problem+json"
DECLARED: Final = (400, 404, 422, 429)
LIMIT: Final = 600  # requests a minute from one address: more than a page needs, less than a flood
WINDOW: Final = 60  # seconds


class Fault(Schema):
    """One parameter that could not be used."""

    where: list[str] = Field(description="The part of the request and the parameter's name, like query, page")
    message: str = Field(description="What is wrong with it")


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str = Field(description="What kind of problem: about:blank, so the status says it")
    title: str = Field(description="The status in words")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What happened and what to do, in plain words")
    errors: list[Fault] = Field(description="Each parameter that could not be used; empty for other problems")


def problem(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    answer = JsonResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "errors": errors or [],
        },
        status=status,
        content_type=MEDIA_TYPE,
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"where": [str(part) for part in found["loc"] if part not in {"asked", "wanted"}], "message": str(found["msg"])}
        for found in error.errors
    ]
    return problem(422, "A parameter of the address could not be used; `errors` says which.", errors)


def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "There is nothing public under this address.")


def _slow_down(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problem(429, f"More than {LIMIT} requests in a minute came from your address. Wait, then go on.")


def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))


class Brake(BaseThrottle):
    """At most LIMIT requests a minute from one address."""

    def allow_request(self, request: HttpRequest) -> bool:
        return not too_many(request, "api", limit=LIMIT, seconds=WINDOW)

    def wait(self) -> float:
        return float(WINDOW)


def install(api: NinjaAPI) -> None:
    """Make every error of the API a problem."""
    handlers: dict[type[Exception], Any] = {
        ValidationError: _invalid,
        Http404: _missing,
        Throttled: _slow_down,
        HttpError: _other,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)
