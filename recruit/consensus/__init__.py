"""What a panel agrees on after discussion, kept apart from the independent ratings."""
