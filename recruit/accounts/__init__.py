"""People who sign in: invitation, password, one-time link, language."""
