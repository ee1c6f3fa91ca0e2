"""The public read API under /api/v1/: what anybody may read on the pages, for programs. It writes nothing.

Nothing personal is in any answer: a gift is only a part of a sum, a voice has no speaker. It knows no sign-in, so a
signed-in person sees no more than anybody. The schema is OpenAPI 3.1 at /api/v1/openapi.json; the errors are problem
details (RFC 9457).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.remembered import remembered
from becontree.web.api import conversations, money, places, policy, problems, projects, record, voices


class PublicAPI(NinjaAPI):
    """Ninja without its own pages (ours keep to the content policy), and open to other sites' scripts."""

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().create_response(request, *args, **kwargs)
        answer["Access-Control-Allow-Origin"] = "*"
        return answer

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        return [pattern for router in self._get_bound_routers() for pattern in router.urls_paths(router.prefix)]

    def get_root_path(self, path_params: Any) -> str:
        return "/api/v1/"


api = PublicAPI(
    title="Becontree: what was said, done and paid for",
    version="1",
    description=(
        "Public data of one council, to read. Sums are whole pence; days are ISO 8601 in local time; a reference such "
        "as `project/heron-garden` names a thing for ever. The data is under the Open Government Licence v3.0."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    openapi_extra={
        "info": {
            "license": {
                "name": "Open Government Licence v3.0",
                "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            }
        }
    },
)
problems.install(api)
for _prefix, _router in (
    ("/voices", voices.router),
    ("/conversations", conversations.router),
    ("/projects", projects.router),
    ("/funds", money.funds_router),
    ("/grants", money.grants_router),
    ("/record", record.router),
    ("/places", places.router),
    ("/policies", policy.router),
):
    api.add_router(_prefix, _router)


def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 document; problems stand under their own media type."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {problems.MEDIA_TYPE: next(iter(answer["content"].values()))}
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out: in an address there is no null."""
    kinds: list[dict[str, Any]] = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {name: value for name, value in schema.items() if name not in {"anyOf", "default"}} | kinds[0]


@gate("everyone")
def openapi(request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(remembered("the API's document", schema, for_good=True), json_dumps_params={"indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@gate("everyone")
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under the API: a problem for programs, not a page for people."""
    return problems.problem(404, "There is no such operation. /api/v1/openapi.json lists them all.")


urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="api-schema"),
    path("", api.urls),
    re_path(r"^(?P<rest>.*)$", nothing_here, name="api-nothing"),
]
