"""The pillar of citizenship and participation."""
