"""What those in charge of a case do when it stopped, must stop, or went the wrong way."""
