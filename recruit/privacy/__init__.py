"""Candidates' rights: how long their data is kept, its erasure, what they are told, who saw it."""
