"""copyreg: registrations have no effect."""


def pickle(ob_type, pickle_function, constructor_ob=None):
    pass


def constructor(object):
    pass


dispatch_table = {}
