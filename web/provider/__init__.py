"""The door for providers: no account, one signed link, one task."""
