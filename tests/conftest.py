"""The order of tests: whatever shuffles them, the cells of a notebook run from first to last."""


def pytest_collection_modifyitems(items):
    places = {item.path: place for place, item in reversed([*enumerate(items)])}
    items.sort(key=lambda item: (places[item.path], getattr(item, "cell_num", 0)))
