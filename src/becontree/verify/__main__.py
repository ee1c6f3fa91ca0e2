"""`python -m becontree.verify FILE`: the check where there is nothing but this folder and Python."""

from .command import main

raise SystemExit(main())
