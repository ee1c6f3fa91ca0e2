"""`python -m becontree` is the `becontree` command."""

from becontree.cli import main

raise SystemExit(main())
