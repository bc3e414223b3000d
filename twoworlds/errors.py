"""The course's own exception: one line that says what is wrong and what to do."""


class TwoWorldsError(Exception):
    """Something the reader of the message can mend; `str(error)` is one line, with no traceback needed."""

    def _render_traceback_(self):
        """What IPython shows in a notebook: the message alone (a list of lines)."""
        return [str(self)]
