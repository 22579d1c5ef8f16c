"""What of the images' own code needs none of their packages."""
