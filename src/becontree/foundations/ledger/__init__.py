"""The ledger: transfers between accounts, in whole pence, hours or items; never changed, only added to.

Why our own and not a package: docs/rooms/ledger.md. `actions` is the only writer; `queries` and `exports` read.
"""
