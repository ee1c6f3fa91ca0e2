"""The providers, one module each. An adapter translates; it decides nothing and writes none of our tables."""
