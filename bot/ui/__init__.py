"""What members see: facts in, messages out."""
