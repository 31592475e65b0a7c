"""What the course consists of, and the parts of its notebooks that are written from that."""
