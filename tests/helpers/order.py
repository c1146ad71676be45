"""A plugin of pytest: whatever shuffles the tests, the cells of a notebook run in their order."""


def pytest_collection_modifyitems(items):
    places = {item.path: place for place, item in reversed([*enumerate(items)])}
    items.sort(key=lambda item: (places[item.path], getattr(item, "cell_num", 0)))
