"""The package of the course: load the two worlds' data, check answers, explore, draw.

    import twoworlds as tw
    sf = tw.load("swiftfare")

Everything is fetched on first use, so that `import twoworlds` itself stays light.
"""

import importlib
import sys
from types import ModuleType

__version__ = "0.1.0"

# Public name -> (module, attribute in it). None: the module itself.
_PUBLIC = {
    "Checker": ("twoworlds.check", "Checker"),
    "TwoWorldsError": ("twoworlds.errors", "TwoWorldsError"),
    "data_digest": ("twoworlds.data", "data_digest"),
    "data_folder": ("twoworlds.data", "data_folder"),
    "explore": ("twoworlds.explore", None),
    "load": ("twoworlds.data", "load"),
    "style": ("twoworlds.style", None),
    "truth": ("twoworlds.data", "truth"),
}
__all__ = [*_PUBLIC]


class _CallableModule(ModuleType):
    """The module `twoworlds.explore`, which may itself be called: `tw.explore(draw, ...)`.

    Function and module carry one name. Python would let the module hide the function as soon as it is
    imported; a module that passes the call on serves both uses.
    """

    def __call__(self, *args, **kwargs):
        return self.explore(*args, **kwargs)

    @property
    def __signature__(self):
        import inspect

        return inspect.signature(self.explore)


class _Package(ModuleType):
    def __setattr__(self, name, value):
        # The import system stores a submodule on its package here, however it was imported.
        if name == "explore" and type(value) is ModuleType:
            value.__class__ = _CallableModule
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'twoworlds' has no attribute {name!r}")
    module_name, attribute = _PUBLIC[name]
    module = importlib.import_module(module_name)
    if attribute is None:
        return module
    value = getattr(module, attribute)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *_PUBLIC})
