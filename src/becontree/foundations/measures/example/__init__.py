"""Who lives in the example borough of Fairlop: invented figures, and the file says so by its name and its source."""
