"""The judge of the data flow: lineage, and checks of declared against observed."""
