"""The sign for the door: one page of A4 for each week, as PDF for the printer or SVG for the shop.

Both are drawn from the same marks, with letters that lie with the program.
"""
