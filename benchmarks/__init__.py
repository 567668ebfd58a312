"""Figures that the notes quote; never a test."""
