"""The Streamlit parts that pages share: shell, state, cached results, widgets, theme."""
