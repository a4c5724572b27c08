"""What managers see across cases: where each stands, what is late, what has stopped."""
