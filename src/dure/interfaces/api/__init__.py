"""The REST face: one operation an action of the catalogue, and public reads."""
