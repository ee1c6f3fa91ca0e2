"""The face: settings, addresses, theme, home page, sign-in, the desk, the public API."""
