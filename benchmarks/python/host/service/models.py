"""The tables of guide.py, as those of an app that migrate makes."""

import guide

Page, Usage = guide.tables()
