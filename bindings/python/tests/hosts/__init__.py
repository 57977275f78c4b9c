"""Programs that tests start: hosts of an engine in processes of their own."""
