"""Signing in and out with local accounts."""
