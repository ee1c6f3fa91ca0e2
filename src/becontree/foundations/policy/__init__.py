"""By what rule: law and council settings as dated data with their source, and the statutory clocks."""
