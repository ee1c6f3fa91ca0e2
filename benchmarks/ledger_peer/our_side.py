# ruff: noqa: E402 - Django is set up before what needs it is imported
"""Our side of benchmarks/ledger.py: the ledger's own `post`, told what to do line by line."""

import json
import sys
import time
from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from becontree.foundations.ledger import actions
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.audit import find_faults
from becontree.foundations.people.actors import System

call_command("migrate", verbosity=0)
us = System("benchmark")
codes = [f"{'asset' if n % 2 else 'income'}:bench:{n}" for n in range(50)]
for code in codes:
    actions.open_account(code=code, name=code, kind=code.partition(":")[0])
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    print("ready", cursor.fetchone()[0], flush=True)
posted = 0
for line in sys.stdin:
    count = int(line)
    if count == 0:
        print(json.dumps({"faults": [fault.message for fault in find_faults(deep=True)]}), flush=True)
        continue
    times, cpu = [], time.process_time()
    for _ in range(count):
        one, two = codes[posted % 50], codes[(posted * 7 + 1) % 50]
        if one == two:
            two = codes[(posted + 3) % 50]
        now = datetime.now(UTC)
        begun = time.perf_counter()
        actions.post(
            key=f"bench:{posted}", kind="bench", occurred_on=now.date(), lines=[Line(one, two, 1234)], by=us, now=now
        )
        times.append(time.perf_counter() - begun)
        posted += 1
    print(json.dumps({"times": times, "cpu": time.process_time() - cpu}), flush=True)
