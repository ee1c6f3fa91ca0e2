"""Going to people: doorstep rounds, stalls with a shared tablet, who has not been heard, and where to go next."""
