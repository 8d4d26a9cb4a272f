"""Interview guides: generation, versions, publication."""
