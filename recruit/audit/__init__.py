"""Append-only, tamper-evident record of who changed or saw what, and when."""
