"""What residents say: liked, disliked, hoped for; heard here or through an officer; answered."""
