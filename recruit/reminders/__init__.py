"""Reminders of interviews that come and of ratings that are missing."""
