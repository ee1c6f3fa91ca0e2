"""Where: the borough, its wards with their shapes, and the places where people meet. A borough is data, not code."""
