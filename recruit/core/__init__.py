"""The pure core: library, planning, statistics. No web, no database, no clock."""
