"""What people and partners give: campaigns, pledges of four kinds, match funds, collection, grants."""
