"""Deadlines: the overview, a person's own, what one does with them, the calendar, the feed, visits."""
