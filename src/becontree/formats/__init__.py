"""Reading and writing other people's files. Every reader names the file, the line, the field and what to do."""
