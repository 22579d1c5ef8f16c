"""The only place where an engine, a runner and a store are chosen, and where one trial is put together."""
