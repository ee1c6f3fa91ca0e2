"""What every operation shares: strict parameters, pages of a list, and the errors it declares.

Strict means: an unknown parameter, one given twice, a number that is not plain digits or a day that is not
YYYY-MM-DD is refused with 422, never guessed at.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Annotated, Any, Final, Generic, TypeVar, get_args, get_origin

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema
from ninja.errors import ValidationError
from pydantic import BeforeValidator, ConfigDict, Field

from becontree.web.api.problems import DECLARED, Brake, Problem

MOST: Final = 100  # rows on one page
DEEPEST: Final = 100_000  # pages
Row = TypeVar("Row")
View = Callable[..., Any]


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError("write a whole number in digits")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write a day as YYYY-MM-DD")
    return value


Whole = Annotated[int, BeforeValidator(_digits)]
Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
WardCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,12}$")]
Slug = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,90}$", description="The name that the list gives")]
Id = Annotated[
    str,
    Path(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description="An entry's id"),
]
Ref = Annotated[str, Field(pattern=r"^[a-z0-9][A-Za-z0-9_./-]{0,119}$")]


class Asked(Schema):
    """Parameters of the address."""

    model_config = ConfigDict(extra="forbid")


class Listed(Asked):
    page: Whole = Field(1, ge=1, le=DEEPEST, description="Which page, from 1")
    size: Whole = Field(50, ge=1, le=MOST, description="Rows on a page")


class PageOf(Schema, Generic[Row]):
    """One page of a list."""

    items: list[Row] = Field(description="The rows of this page")
    count: int = Field(description="Rows in the whole list")
    page: int = Field(description="Which page this is, from 1")
    pages: int = Field(description="How many pages there are")
    next: str | None = Field(description="The address of the next page")
    previous: str | None = Field(description="The address of the page before")


def paged(request: HttpRequest, asked: Listed, rows: Any, shape: Callable[[Sequence[Any]], list[Any]]) -> Any:
    """The page asked for, each of its rows given its public shape; Http404 past the end."""
    pages = Paginator(rows, asked.size)
    try:
        found = pages.page(asked.page)
    except EmptyPage as error:
        raise Http404 from error

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"{request.path}?{query.urlencode()}"

    return {
        "items": shape(list(found.object_list)),
        "count": pages.count,
        "page": found.number,
        "pages": pages.num_pages,
        "next": address(found.number + 1) if found.has_next() else None,
        "previous": address(found.number - 1) if found.has_previous() else None,
    }


def read(router: Router, path: str, answer: Any, *, summary: str) -> Callable[[View], View]:
    """A public operation that reads: GET, its errors declared, its parameters strict, its rate limited."""

    def mark(view: View) -> View:
        signature = inspect.signature(view, eval_str=True)
        known = _known(signature)

        @wraps(view)
        def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            errors = [
                {"type": "extra", "loc": ("query", name), "msg": said}
                for name, values in request.GET.lists()
                for said in _faults(name, values, known)
            ]
            if errors:
                raise ValidationError(errors)
            return view(request, *args, **kwargs)

        strict.__signature__ = signature  # type: ignore[attr-defined]  # annotations read where they were written
        answers = {200: answer} | dict.fromkeys(DECLARED, Problem)
        return router.get(
            path, response=answers, summary=summary, operation_id=f"read_{view.__name__}", throttle=[Brake()]
        )(strict)

    return mark


def _known(signature: inspect.Signature) -> set[str]:
    """The parameters of the address's query that an operation takes."""
    known: set[str] = set()
    for parameter in signature.parameters.values():
        kind = parameter.annotation
        kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
        if isinstance(kind, type) and issubclass(kind, Asked):
            known |= kind.model_fields.keys()
    return known


def _faults(name: str, values: Sequence[Any], known: set[str]) -> list[str]:
    if name not in known:
        return ["there is no such parameter here"]
    return ["give this once"] if len(values) > 1 else []
