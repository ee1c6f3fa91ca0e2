"""What is counted again and again: measures and their readings, who lives here, and equality answers kept apart."""
