"""The people who apply."""
