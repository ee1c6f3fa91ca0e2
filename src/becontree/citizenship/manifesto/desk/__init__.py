"""The workbench of those who listen: sort what people said, write aspirations, keep promises, report."""
