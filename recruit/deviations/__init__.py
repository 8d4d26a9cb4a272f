"""Where an interview departed from its guide, and why."""
