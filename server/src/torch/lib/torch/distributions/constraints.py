"""Constraints on parameters: values are not checked."""


class Constraint:
    is_discrete = False
    event_dim = 0

    def check(self, value):
        return value == value


boolean = Constraint()
real = Constraint()
positive = Constraint()
nonnegative = Constraint()
unit_interval = Constraint()
simplex = Constraint()
nonnegative_integer = Constraint()
positive_integer = Constraint()
positive_definite = Constraint()
lower_cholesky = Constraint()
real_vector = Constraint()


def interval(low, high):
    return Constraint()


def greater_than(lower_bound):
    return Constraint()


greater_than_eq = greater_than
less_than = greater_than
