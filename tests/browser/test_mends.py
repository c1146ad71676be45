"""What mends.js mends in ipywidgets and Jupyter it leaves alone where a newer version has mended it."""

from contextlib import closing

import pytest

from course_lib.live.html import MENDS_JS

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


@pytest.fixture(scope="module")
def page(browser):
    with closing(browser.new_page()) as page:
        page.add_script_tag(content=MENDS_JS)
        yield page


def test_what_a_cut_connection_has_lost_is_sent_again(page):
    mended = {"_pending_msgs": 0, "_msg_buffer": None}
    assert page.evaluate(RECONNECT, [LOST, KERNEL]) == [[{"index": 3}], mended, 0]


@pytest.mark.parametrize(
    ("fields", "kernel"),
    [
        ({}, KERNEL),
        ({"_pending_msgs": 1}, KERNEL),
        (LOST | {"_pending_msgs": 0}, KERNEL),
        (LOST, {"connectionStatusChanged": True}),
        (LOST, {"hasComm": True}),
    ],
)
def test_nothing_is_sent_again_where_nothing_is_lost_or_what_the_mend_reaches_into_is_missing(
    page, fields, kernel
):
    assert page.evaluate(RECONNECT, [fields, kernel]) == [[], fields, 0]


SLIDER = (
    '<div><i class="noUi-handle" {}></i><b class="widget-readout" contenteditable="{}"></b></div>'
)
SWITCH = '<button class="course-switch{}></button>'


def test_controls_get_names_values_and_states_when_they_come_and_when_they_change(page):
    says = 'aria-valuenow="{}" aria-valuetext="{}" aria-label="rate"'
    bare = SLIDER.format('aria-valuenow="1.0" aria-valuetext="1"', "true") + SWITCH.format('"')
    assert page.evaluate(MEND, bare) == [
        SLIDER.format(says.format("1.0", "0.2"), "false") + SWITCH.format('" aria-pressed="false"'),
        SLIDER.format(says.format("2.0", "1"), "false")
        + SWITCH.format(' mod-active" aria-pressed="true"'),
    ]


def test_a_slider_that_says_its_own_name_and_stop_keeps_them(page):
    says = 'aria-valuenow="1.0" aria-valuetext="its own stop" aria-label="its own name"'
    own = SLIDER.format(says, "false") + SWITCH.format('" aria-pressed="false"')
    assert page.evaluate(MEND, own)[0] == own


def test_without_controls_or_a_panel_nothing_happens(page):
    assert page.evaluate("mendControls(document.createElement('p'), [])()") is None
