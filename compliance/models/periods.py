from datetime import date

FOR_EVER = date(9999, 12, 31)
