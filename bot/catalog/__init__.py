"""What is known of shows and people."""
