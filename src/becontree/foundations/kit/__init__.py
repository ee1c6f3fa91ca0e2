"""The few small things that every foundation and room shares: errors, pence, ids, pages of a list."""
