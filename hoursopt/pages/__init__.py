"""The page in the browser: `run` is all that `app.py` calls. The only user of streamlit."""

from hoursopt.pages.site import run as run
