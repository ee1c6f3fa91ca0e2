"""A pretend payment provider, kept apart as if it were another company's computer. No money moves, ever.

It has its own tables, its own pages and its own secret. The rest of payments reaches it only through its adapter, and
hears from it only through signed messages.
"""
