"""What a WSGI server loads. It does not start what is not safe: see `becontree check`."""

import gc
import os
import sys
from typing import Final

from django.core.wsgi import get_wsgi_application

from becontree.web.catalogues import remember_what_is_said

DO_NOT_TRY_AGAIN: Final = 3  # gunicorn's WORKER_BOOT_ERROR: the server ends instead of starting workers for ever


def _start() -> None:
    from becontree.web.operations.checks import NotSafe, refuse_unless_safe

    try:
        refuse_unless_safe()
    except NotSafe as refused:
        sys.stderr.write(f"{refused}\n")
        raise SystemExit(DO_NOT_TRY_AGAIN) from None


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
application = get_wsgi_application()
_start()
remember_what_is_said()

# What is loaded stays until the process ends: the collector need not walk it again while a page is made, and comes
# round less often. A page makes some ten thousand objects, nearly all of which go without it.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
