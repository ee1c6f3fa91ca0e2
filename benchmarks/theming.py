"""What sorting thousands of answers costs in the workbench: 3,178 real ones, from the file to the cards and the search.

    python benchmarks/theming.py ANSWERS.csv [--column TEXT] [--voices 3000] [--database URL]

CPU seconds of this process (user and system), with its own empty database; pages asked for in the same process by
Django's test client, mean of ten after two to warm up. Figures: docs/benchmarks/themes.md.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    value = work()
    return time.process_time() - start, value


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("answers", type=Path)
    options.add_argument("--column", default="ANSWER")
    options.add_argument("--voices", type=int, default=3_000)
    options.add_argument("--database", default="")
    chosen = options.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.update(
        BECONTREE_MODE="demo",
        BECONTREE_HOME=tempfile.mkdtemp(prefix="becontree-themes-"),
        DJANGO_SETTINGS_MODULE="becontree.web.settings",
    )
    if chosen.database:
        os.environ["BECONTREE_DATABASE_URL"] = chosen.database
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from becontree.citizenship.manifesto import actions
    from becontree.citizenship.manifesto.models import ThemeRun
    from becontree.citizenship.voices import actions as voices
    from becontree.citizenship.voices.actions import Said
    from becontree.citizenship.voices.models import Voice
    from becontree.formats.tables import read_table
    from becontree.foundations.access.gates import SECOND_FACTOR_KEY
    from becontree.foundations.people import actions as people
    from becontree.foundations.people.actors import System
    from becontree.web.operations.serving import collect

    call_command("migrate", verbosity=0)
    collect()
    now, setup = timezone.now(), System("benchmark")
    officer = people.register(email="officer@example.invalid", name="Officer", by=setup, now=now)
    people.grant_role(person=officer, role="officer", team="engagement", reason="benchmark", by=setup, now=now)
    who: dict[str, Any] = {"by": officer, "now": now}
    study = actions.begin(title="Answers", question="", rounds=[], **who)
    content = chosen.answers.read_bytes()
    taken, n = cpu(lambda: actions.import_answers(study=study, content=content, column=chosen.column, **who))
    print(f"import of {n:,} answers: {taken:.2f} CPU s")
    run = actions.ask_for_run(study=study, **who)
    seen: list[tuple[int, str]] = []
    plain = ThemeRun.objects.filter(pk=run.pk)

    def watched() -> Any:
        from becontree.citizenship.manifesto.actions import running

        update = running.ThemeRun.objects.filter

        def noting(*given: Any, **named: Any) -> Any:
            seen.append(plain.values_list("done", "doing")[0])
            return update(*given, **named)

        running.ThemeRun.objects.filter = noting
        try:
            return actions.sort_now(run_id=run.pk, clock=timezone.now)
        finally:
            del running.ThemeRun.objects.filter

    taken, done = cpu(watched)
    steps = list(dict.fromkeys(seen))
    print(f"run over {done.clauses:,} clauses: {taken:.2f} CPU s, {done.state}, progress seen: {len(steps)} {steps}")
    print(f"themes {study.themes.count()}, sorted {study.clauses.filter(sorted=True).count():,}")
    theme = study.themes.order_by("-people")[0]
    for kind, given in (
        ("name", {"theme": theme.code, "label": "A name"}),
        ("move", {"theme": theme.code, "clauses": list(range(1, 26))}),
        ("merge", {"themes": [one.code for one in study.themes.order_by("-people")[:2]]}),
    ):
        with CaptureQueriesContext(connection) as captured:
            taken, _step = cpu(lambda kind=kind, given=given: actions.act(study=study, kind=kind, **given, **who))
        print(f"act {kind}: {1000 * taken:.0f} CPU ms, {len(captured)} statements")
    actions.ask_for_run(study=study, **who)
    again = study.runs.order_by("-number")[0]
    taken, done = cpu(lambda: actions.sort_now(run_id=again.pk, clock=timezone.now))
    print(f"second run, with people's work kept: {taken:.2f} CPU s, {done.state}")

    words = [row[chosen.column] for row in read_table(content, required=[chosen.column]).rows][: chosen.voices]
    voices.respond_many(
        round=None,
        said=[
            Said(answers={"hope": text[:3_900]}, channel="paper", key=f"b{at}", may_quote=True)
            for at, text in enumerate(words)
            if text.strip()
        ],
        **who,
    )
    Voice.objects.update(state="published", published_at=now)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    base = f"/desk/manifesto/studies/{study.slug}/"
    code = study.themes.filter(live=True).order_by("-people")[0].code
    for path in (
        base,
        f"{base}themes/{code}/",
        f"{base}tray/",
        f"{base}history/",
        "/manifesto/voices/",
        "/manifesto/voices/?words=bus",
        "/manifesto/voices/?words=traffic+light",
        "/manifesto/voices/?page=60",
    ):
        for _ in range(2):
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        taken, _pages = cpu(lambda path=path: [client.get(path) for _ in range(10)])
        print(f"{path}: {100 * taken:.1f} CPU ms, {len(captured)} queries, {len(answer.content) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
