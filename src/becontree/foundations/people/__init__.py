"""Who: persons, organisations, households and the roles they hold. A name is erasable; everywhere else holds an id."""
