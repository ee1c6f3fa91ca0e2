"""`becontree demo --check`: the whole story through the pages reproduces the pamphlet's sums and verifies."""

from __future__ import annotations

import json
import subprocess
import sys


def test_the_whole_journey_reproduces_the_play_facilitys_sums() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "becontree", "demo", "--check"], capture_output=True, text=True, timeout=900, check=False
    )

    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    found = json.loads(done.stdout)
    assert found["checks"] == dict.fromkeys(found["checks"], True)
    assert found["pence"]["capital"] == 26_959_800
    assert found["pence"]["sources"]["48 people"] == 559_900
    assert found["pence"]["sources"]["Play places pot"] == 3_900_000
    assert found["pence"]["with_sessions"] == 27_959_800
    assert found["faults"] == []
