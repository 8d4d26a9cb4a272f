"""Documents: value object -> HTML -> PDF. Knows the core and its own value objects only."""
