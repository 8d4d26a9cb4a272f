"""One interviewer's ratings, evidence and recommendation for one interview."""
