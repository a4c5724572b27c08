"""Where people find their work and do it."""
