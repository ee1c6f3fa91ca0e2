"""A request as our pages see it: with the clock that `web.middleware.Clock` sets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest


class Request(HttpRequest):
    """`now` is aware and in UTC, `today` is the day in London, `user` is a Person or nobody in particular."""

    now: datetime
    today: date
    user: Any
