"""Measurements, as ratios to the cheapest durable step on the same server in the same run."""
