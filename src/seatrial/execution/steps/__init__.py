"""One file per step type, and the table that names them."""
