"""One file per check, and the table that names them."""
