"""Stories, and the pages on which a child hears them."""
