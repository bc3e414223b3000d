"""The capstone's company: Kettleroom, which sells classes in a room to people and to firms."""
