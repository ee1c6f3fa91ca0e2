"""What moved: transfers in whole pence (and hours, and items), append-only, balances kept under constraint."""
