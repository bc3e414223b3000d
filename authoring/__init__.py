"""What people edit to make the course: sources of lessons and exercises, and the build."""
