"""Tests of the sessions room that need neither Docker nor a store."""
