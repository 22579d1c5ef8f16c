"""Requests held against AWS's model of them; where the model comes from is not known here."""
