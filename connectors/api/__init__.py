"""Platform APIs: a platform states facts (endpoints, paging, windows, signing), the loop that pulls them is written once here."""
