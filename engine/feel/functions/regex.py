"""placeholder"""

import re2


class pattern:
    def __init__(self, text, flags):
        self.p = re2.compile(text)

    def found_in(self, text, run):
        return self.p.search(text) is not None
