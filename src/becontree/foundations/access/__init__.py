"""Who may: gates on pages, rules on rows, reads written down, break-glass, conflicts of interest."""
