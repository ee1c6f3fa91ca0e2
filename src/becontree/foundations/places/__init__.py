"""Where: the borough, its wards and venues, drawn without tiles."""
