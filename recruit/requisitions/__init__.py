"""One vacancy being filled: its role profile and its people."""
