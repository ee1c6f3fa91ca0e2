"""What the borough promised because of what people said."""
