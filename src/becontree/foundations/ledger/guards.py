"""What the database itself refuses, on both engines (kit.triggers): every attack of the money paper, section 4.4."""

from __future__ import annotations

from typing import Final

from becontree.foundations.kit import triggers
from becontree.foundations.kit.triggers import Guard, append_only
from becontree.foundations.ledger.records import DEBIT_KINDS, KINDS, UNITS

CLOSED: Final = "ledger_month_open: this date lies in a closed month."
UNMATCHED: Final = "ledger_resolves: settle or release exactly what is pending."


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_FIXED = ("code", "name", "kind", "by_debit", "unit", "floor", "subject")
_FIXED_CHANGES = " OR ".join(f'NEW."{column}" <> OLD."{column}"' for column in ("id", *_FIXED))

GUARDS: Final[tuple[Guard, ...]] = (
    *append_only("ledger_journal", keys=("id", "key", "reverses_id")),
    *append_only("ledger_transfer", keys=("id", "pending_id")),
    *append_only("ledger_month", keys=("last_day",)),
    *append_only("ledger_closing"),
    Guard(
        "ledger_transfer_replace_n",
        "ledger_transfer",
        "INSERT",
        "ledger_transfer: a row here is never replaced.",
        'EXISTS (SELECT 1 FROM "ledger_transfer" AS old_row '
        'WHERE old_row."journal_id" = NEW."journal_id" AND old_row."n" = NEW."n")',
        engine="sqlite",
    ),
    Guard(
        "ledger_closing_replace_account",
        "ledger_closing",
        "INSERT",
        "ledger_closing: a row here is never replaced.",
        'EXISTS (SELECT 1 FROM "ledger_closing" AS old_row '
        'WHERE old_row."month_id" = NEW."month_id" AND old_row."account_id" = NEW."account_id")',
        engine="sqlite",
    ),
    # An account's sums move; what it is never does.
    Guard(
        "ledger_account_update",
        "ledger_account",
        "UPDATE",
        "ledger_account: this never changes.",
        _FIXED_CHANGES,
        columns=("id", *_FIXED),
    ),
    *(guard for guard in append_only("ledger_account", keys=("id", "code")) if guard.event != "UPDATE"),
    Guard(
        "ledger_account_is",
        "ledger_account",
        "INSERT",
        "ledger_account: this is no kind or unit of account.",
        f'NEW."kind" NOT IN ({_quoted(KINDS)}) OR NEW."unit" NOT IN ({_quoted(UNITS)})'
        f' OR NEW."by_debit" <> (NEW."kind" IN ({_quoted(DEBIT_KINDS)}))',
    ),
    # A closed month takes nothing more, whoever writes it.
    Guard(
        "ledger_journal_month",
        "ledger_journal",
        "INSERT",
        CLOSED,
        'EXISTS (SELECT 1 FROM "ledger_month" AS closed WHERE closed."last_day" >= NEW."occurred_on")',
    ),
    # Nobody closes the books alone; the software may, by a rule.
    Guard(
        "ledger_month_two_people",
        "ledger_month",
        "INSERT",
        "ledger_month: one person proposes to close the books, and another confirms.",
        'NEW."proposed_by" = \'\' OR NEW."proposed_by" = NEW."actor"',
        only="substr(NEW.\"actor\", 1, 7) <> 'system:'",
    ),
    # What settles or releases names the same accounts, unit and amount as what was pending.
    Guard(
        "ledger_transfer_resolves",
        "ledger_transfer",
        "INSERT",
        UNMATCHED,
        'NOT EXISTS (SELECT 1 FROM "ledger_transfer" AS old_row '
        'WHERE old_row."id" = NEW."pending_id" AND old_row."phase" = \'pending\' '
        'AND old_row."debit_id" = NEW."debit_id" AND old_row."credit_id" = NEW."credit_id" '
        'AND old_row."amount" = NEW."amount" AND old_row."unit" = NEW."unit")',
        only='NEW."pending_id" IS NOT NULL',
    ),
)


def triggers_missing(using: str = "default") -> list[str]:
    """The names of the ledger's guards that this database lacks; empty is good."""
    ours = {guard.name for guard in GUARDS}
    return [guard.name for guard in triggers.missing(using) if guard.name in ours]
