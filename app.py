"""The page: `streamlit run app.py -- SHOP.toml`."""

from hoursopt.pages import run

run()
