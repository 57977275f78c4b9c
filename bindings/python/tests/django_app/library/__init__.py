"""Stories of the tests' own."""
