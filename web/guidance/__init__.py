"""The rules of the guidance, and where the models carry them out."""
