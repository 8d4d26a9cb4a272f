"""The statistics of a comparison: people, competencies and rounds by number, and no name."""
