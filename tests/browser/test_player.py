"""The player on its own, with states that no figure should have sent."""

from contextlib import closing

from course_lib.figures import DescentFigure
from course_lib.live.html import PLAYER_JS, player_html
from course_lib.live.packing import pack
from course_lib.live.states import SettingsGrid

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


def test_a_state_that_cannot_be_put_into_the_page_says_so_and_the_others_are_shown(browser):
    grid = SettingsGrid(DescentFigure().show(), {"rate": (0.2, 1.0)})
    texts = [grid.texts(0), grid.texts(1)[:-1]]  # a line less than the readout has in the page
    with closing(browser.new_page()) as page:
        page.add_script_tag(content=PLAYER_JS)
        said = page.evaluate(MOVE, [player_html(grid, 0), pack(texts)])
    assert [bool(text) for text in said] == [False, True, False]
    assert said[1].startswith("These settings could not be drawn, and the picture still shows the ")
