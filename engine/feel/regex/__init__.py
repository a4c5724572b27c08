"""Regular expressions as XPath has them (F&O 5.6), run in linear time wherever the pattern allows."""

from engine.feel.regex.pattern import Pattern, pattern
from engine.feel.regex.tree import PatternError

__all__ = ["Pattern", "PatternError", "pattern"]
