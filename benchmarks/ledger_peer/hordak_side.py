# ruff: noqa: E402 - Django is set up before what needs it is imported
"""The peer's side of benchmarks/ledger.py: django-hordak, in its own environment, told what to do line by line."""

import json
import os
import sys
import time
from decimal import Decimal

from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "mptt", "hordak"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["BENCH_NAME"],
            **{name: os.environ.get(f"BENCH_{name}", "") for name in ("USER", "PASSWORD", "HOST", "PORT")},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DEFAULT_CURRENCY="GBP",
    CURRENCIES=["GBP"],
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from hordak.models import Account
from moneyed import Money

call_command("migrate", verbosity=0)
accounts = [
    Account.objects.create(name=f"Account {n}", type="AS" if n % 2 else "IN", code=str(n), currencies=["GBP"])
    for n in range(50)
]
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    print("ready", cursor.fetchone()[0], flush=True)
posted = 0
for line in sys.stdin:
    count = int(line)
    times, cpu = [], time.process_time()
    for _ in range(count):
        one, two = accounts[posted % 50], accounts[(posted * 7 + 1) % 50]
        if one == two:
            two = accounts[(posted + 3) % 50]
        begun = time.perf_counter()
        one.transfer_to(two, Money(Decimal("12.34"), "GBP"))
        times.append(time.perf_counter() - begun)
        posted += 1
    print(json.dumps({"times": times, "cpu": time.process_time() - cpu}), flush=True)
