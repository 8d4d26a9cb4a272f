"""The evaluation across candidates."""
