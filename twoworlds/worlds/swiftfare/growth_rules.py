"""What must hold in the tables of Swiftfare's growth."""


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    return iter(())
