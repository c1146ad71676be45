"""The page's scripts by themselves: the player with states that no figure should have sent; and
what mends.js mends in ipywidgets and Jupyter, and leaves alone where a newer version has mended it.
"""

from contextlib import closing

import pytest

from course_lib.figures import DescentFigure
from course_lib.live.html import MENDS_JS, PLAYER_JS, player_html
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid

pytestmark = pytest.mark.browser

# Play a grid of one control from its first to its second stop: what the message says at each.
MOVE = """async ([html, packed]) => {
    document.body.innerHTML = html;
    let index = 0;
    const control = { name: 'rate', stops: ['0.2', '1'], start: 0, get: () => index, set: (k) => index = k };
    const player = makePlayer(document.querySelector('.course-player'), [control]);
    await player.add([0, 1], packed);
    const said = [];
    for (index of [0, 1, 0]) {
        player.update();
        said.push(document.querySelector('.course-message').textContent);
    }
    player.stop();
    return said;
}"""
# Connect to a kernel anew, with a widget that has these private fields: what it saves, how they are
# then, and whether the mend still hears of connections when it has ended.
RECONNECT = """([fields, kernel]) => {
    const saved = [], heard = new Set();
    const widget = { ...fields, model_id: 'one', get: () => 3, save: (values) => saved.push(values) };
    if (kernel.hasComm) kernel.hasComm = (id) => id === 'one';
    kernel.connectionStatusChanged &&= {
        connect: (hear) => heard.add(hear), disconnect: (hear) => heard.delete(hear) };
    const end = mendConnection(kernel, [{ widget, key: 'index' }]);
    for (const status of ['connected', 'connecting']) for (const hear of heard) hear(kernel, status);
    end();
    return [saved, Object.fromEntries(Object.keys(fields).map(name => [name, widget[name]])), heard.size];
}"""
LOST = {"_pending_msgs": 1, "_msg_buffer": {"index": 2}}
KERNEL = {"hasComm": True, "connectionStatusChanged": True}
# Mend these controls, a slider and a switch, at once and after a change that an observer has to see.
MEND = """async controls => {
    document.body.innerHTML =
        `<div class="course-panel"><div class="course-controls">${controls}</div><p></p></div>`;
    const box = document.querySelector('.course-controls');
    const end = mendControls(document.querySelector('p'), [{ label: 'rate', stops: ['0', '0.2', '1'] }]);
    const at_once = box.innerHTML;
    for (const [name, value] of [['now', '2.0'], ['text', '2']])
        box.firstChild.firstChild.setAttribute(`aria-value${name}`, value);
    box.lastChild.classList.add('mod-active');
    await new Promise(done => setTimeout(done));
    end();
    return [at_once, box.innerHTML];
}"""
# A slider that says its stop and its name, whose number may be edited; and a switch.
CONTROLS = (
    '<div><i class="noUi-handle" aria-valuenow="{}" aria-valuetext="{}"{}></i>'
    '<b class="widget-readout" contenteditable="{}"></b></div><button class="course-switch{}></button>'
)


@pytest.fixture(scope="module")
def page(browser):
    with closing(browser.new_page()) as page:
        page.add_script_tag(content=MENDS_JS)
        page.add_script_tag(content=PLAYER_JS)
        yield page


def test_a_state_that_cannot_be_drawn_says_so(page):
    grid = SettingsGrid(DescentFigure().show(), {"rate": (0.2, 1.0)})
    texts = [grid.texts(0), grid.texts(1)[:-1]]  # a line less than the readout has in the page
    said = page.evaluate(MOVE, [player_html(grid, 0), pack(texts)])
    assert [bool(text) for text in said] == [False, True, False]
    assert said[1].startswith("These settings could not be drawn, and the picture still shows the ")


def test_a_cut_connection_sends_again_what_was_lost_if_it_can(page):
    mended = {"_pending_msgs": 0, "_msg_buffer": None}
    assert page.evaluate(RECONNECT, [LOST, KERNEL]) == [[{"index": 3}], mended, 0]
    for fields, kernel in [
        ({}, KERNEL),
        ({"_pending_msgs": 1}, KERNEL),
        (LOST | {"_pending_msgs": 0}, KERNEL),
        (LOST, {"connectionStatusChanged": True}),
        (LOST, {"hasComm": True}),
    ]:
        assert page.evaluate(RECONNECT, [fields, kernel]) == [[], fields, 0], (fields, kernel)


def test_controls_get_names_values_and_states(page):
    """They do when they come and when they change."""
    named = ' aria-label="rate"'
    assert page.evaluate(MEND, CONTROLS.format("1.0", "1", "", "true", '"')) == [
        CONTROLS.format("1.0", "0.2", named, "false", '" aria-pressed="false"'),
        CONTROLS.format("2.0", "1", named, "false", ' mod-active" aria-pressed="true"'),
    ]
    # One that says its own name and stop keeps them.
    said = ("1.0", "its own stop", ' aria-label="its own name"', "false", '" aria-pressed="false"')
    assert page.evaluate(MEND, CONTROLS.format(*said))[0] == CONTROLS.format(*said)
    assert page.evaluate("mendControls(document.createElement('p'), [])()") is None
