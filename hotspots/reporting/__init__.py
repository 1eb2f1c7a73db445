"""What people open: maps, pages, lists and sheets."""
