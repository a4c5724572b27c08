"""Where people record what happens beside a case."""
