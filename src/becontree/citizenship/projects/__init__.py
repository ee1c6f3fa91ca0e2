"""What residents start: an idea with its reasons, its needs, its people, its progress and what changed."""
