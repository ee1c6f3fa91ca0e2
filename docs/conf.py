"""Sphinx settings: Markdown, Furo, nothing fetched."""

project = "Becontree"
author = "The Becontree maintainers"
copyright = "2026, The Becontree maintainers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "Becontree"
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
nitpicky = False
