"""Keeping an installation well: checks before it starts, serving, backup and restore, open data.

Each module is what one sub-command of `becontree` does; `becontree.cli` only reads its arguments.
"""
