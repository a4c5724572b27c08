"""Wording, dates and colours of pages; templates hold layout only."""
