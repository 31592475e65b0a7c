"""A chapter as slides for the teacher: what a class sees, and what the teacher says to it."""
