"""Rater training: a short course, calibration exercises and one's own leniency."""
