"""A shop while its owner works on it: opened, founded, filled with files, changed and undone.

What the page's Shop step does, without the page: everything here is also tested without a browser.
"""
