"""Recruit: structured hiring of leaders who practise trust-based leadership."""

__version__ = "0.1.0"
