"""The API, `/api/v1/`: a door like the others. It asks the domains and decides nothing itself."""
