"""corruption_error, computed by hand."""

from corruptions import corruption_error
from labs.common.torch_case import TorchTestCase


class TestCorruptionError(TorchTestCase):
    def test_by_hand(self):
        """Fog: 1.0 / 2.0 = 0.5; snow: 0.6 / 0.4 = 1.5; their mean is 1."""
        errors = {"fog": [0.1, 0.1, 0.2, 0.2, 0.4], "snow": [0.0, 0.1, 0.1, 0.2, 0.2]}
        baseline = {"snow": [0.0, 0.0, 0.1, 0.1, 0.2], "fog": [0.2, 0.3, 0.4, 0.5, 0.6]}
        self.assert_number(corruption_error(errors, baseline), 1.0, "mean corruption error")

    def test_baseline(self):
        """The baseline's own error is 1."""
        errors = {"fog": [0.1, 0.2, 0.3, 0.4, 0.5]}
        self.assert_number(corruption_error(errors, errors), 1.0, "mean corruption error")

    def test_missing_corruption(self):
        """Both must have been measured under the same corruptions."""
        with self.assertRaisesRegex(ValueError, "snow in only one"):
            corruption_error({"fog": [0.1] * 5}, {"fog": [0.1] * 5, "snow": [0.1] * 5})
