"""The API: what other systems read and add, as JSON, by a token; described by OpenAPI 3.1."""
