"""How the contents of data are judged: which tables lie where, what fits what; makes no finding itself."""
