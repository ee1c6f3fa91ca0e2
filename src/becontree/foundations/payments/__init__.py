"""How money comes in and goes back: one port, declared capabilities, practice and bank-file adapters."""
