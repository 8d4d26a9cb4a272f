"""One search across requisitions, candidates, guides and the library."""
