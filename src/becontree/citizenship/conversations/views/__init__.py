"""Pages for everybody: `reading` what there is, `taking_part`, and one's `own` votes and words."""
