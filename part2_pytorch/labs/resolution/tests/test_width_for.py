"""width_for: the width whose number of parameters is nearest."""

from labs.common.torch_case import TorchTestCase
from networks import VariableNet, width_for


class TestWidth(TorchTestCase):
    def test_exact(self):
        """For as many parameters as VariableNet has with some width, that width."""
        for target, width in ((5109, 1), (19_760, 50)):
            with self.subTest(target=target):
                self.assertEqual(width_for(target), width)

    def test_nearest(self):
        """A network of width 20 has 10,790 parameters; a hundred more or less do not change the answer."""
        count = sum(parameter.numel() for parameter in VariableNet(20).parameters())
        for more in (-100, 0, 100):
            with self.subTest(target=count + more):
                self.assertEqual(width_for(count + more), 20)
        self.assertEqual(width_for(count + 200), 21)

    def test_too_few(self):
        """Fewer parameters than the smallest network has are refused."""
        with self.assertRaisesRegex(ValueError, "at least 5109"):
            width_for(5000)
