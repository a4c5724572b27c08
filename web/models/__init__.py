"""The analysts' library: what is deployed, on what it runs, and how new files get in."""
