"""The handbook: what each kind of user does, in which order, as one page in each language."""
