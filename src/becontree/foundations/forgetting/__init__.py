"""A wish to be forgotten that came by letter, by telephone or in person: one officer checks, a second confirms."""
