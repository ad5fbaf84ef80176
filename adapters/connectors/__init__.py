"""Other services that tell Plaudit what happened: one module each, and the registry that knows them."""
