"""One candidate, one round, a time, a place and a panel."""
