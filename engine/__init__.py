"""Runs the processes of `bpmn/`: knows neither Flask nor screens."""
