"""What everything printed is made of: letters and their measures, marks on a page, PDF.

The only user of `fpdf` and `fontTools`; `publish` sets door signs with it and `report` reports.
"""
