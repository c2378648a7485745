"""`python -m dure` is the `dure` script."""

from dure.config.entry import main

main()
