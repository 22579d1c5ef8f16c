"""Endpoints: what is started, what stays, where it is asked."""
