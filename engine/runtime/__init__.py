"""The commands on cases: start, claim, complete, fire, deliver, finish, and what managers may do."""
