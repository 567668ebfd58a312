"""Hourly demand, also for hours in which the shop has never been open."""
