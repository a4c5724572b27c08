"""Where planners start inspections."""
