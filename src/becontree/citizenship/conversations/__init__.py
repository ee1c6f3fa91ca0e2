"""Conversations: people vote on each other's statements, see where they agree, and are answered."""
