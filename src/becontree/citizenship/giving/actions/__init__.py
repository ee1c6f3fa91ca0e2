"""Verbs of giving, by subject: `campaigns`, `pledges`, `matching`, `collecting`, `elsewhere`, `funds`, `grants`.

Locks are always taken in one order, so that no two givers wait for each other: the campaign's row, then the funds' rows
by priority, then the ledger's accounts (in its own order).
"""
