"""What the pages ask of the tables: statements and frozen rows, no command and no clock."""
