//! A phone's camera: reads QR codes off the cells of a screen.

use bango_console::console::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::cast::{PAGE, redirect};
use crate::pty::Seat;
use crate::stage::Stage;

/// A cell as a terminal with light text on a dark ground paints it.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub symbol: char,
    pub dark_text: bool,
    pub dark_ground: bool,
}

impl Cell {
    /// Whether the upper and the lower half are dark.
    fn halves(self) -> [bool; 2] {
        let Self {
            dark_text,
            dark_ground,
            ..
        } = self;
        match self.symbol {
            '\u{2580}' => [dark_text, dark_ground],
            '\u{2584}' => [dark_ground, dark_text],
            '\u{2588}' => [dark_text; 2],
            _ => [dark_ground; 2],
        }
    }
}

/// Pixels along half the height of a cell.
const SIZE: usize = 4;

/// What the codes in a picture of these cells say.
fn read(width: usize, height: usize, cell: impl Fn(usize, usize) -> Cell) -> Vec<String> {
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width * SIZE, height * 2 * SIZE, |x, y| {
            let [upper, lower] = cell(x / SIZE, y / (2 * SIZE)).halves();
            let dark = if (y / SIZE).is_multiple_of(2) {
                upper
            } else {
                lower
            };
            if dark { 0 } else { 255 }
        });
    let grids = picture.detect_grids();
    let read = grids.iter().filter_map(|grid| grid.decode().ok());
    read.map(|(_, text)| text).collect()
}

pub fn of_buffer(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    read(area.width.into(), area.height.into(), |x, y| {
        let cell = &buffer[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())];
        let dark = |color, otherwise| match color {
            Color::Black => true,
            Color::White => false,
            _ => otherwise,
        };
        let reversed = cell.modifier.contains(Modifier::REVERSED);
        let (text, ground) = (dark(cell.fg, false), dark(cell.bg, true));
        Cell {
            symbol: cell.symbol().chars().next().unwrap_or(' '),
            dark_text: if reversed { ground } else { text },
            dark_ground: if reversed { text } else { ground },
        }
    })
}

pub fn of_terminal(seat: &Seat) -> Vec<String> {
    let (height, width) = seat.size();
    read(width, height, |x, y| seat.cell(x, y))
}

/// A payer's page of which the code is shown.
fn shown(width: u16, height: u16, ascii: bool) -> Stage {
    let mut stage = Stage::new(width, height);
    stage.state.look.ascii = ascii;
    stage.sessions(vec![crate::cast::session(4, "120", redirect())]);
    stage.keys("p<ctrl+g>");
    stage
}

#[test]
fn a_camera_reads_the_address_off_the_screen() {
    for (width, height, ascii) in [
        (80, 24, false),
        (120, 40, false),
        (120, 40, true),
        (200, 60, true),
    ] {
        for theme in [Theme::terminal(true), Theme::terminal(false)] {
            let mut stage = shown(width, height, ascii);
            let read = of_buffer(stage.paint(&theme));
            assert_eq!(read, [PAGE], "{width}, {ascii}, {}", theme.has_colour());
        }
    }
}

#[test]
fn control_a_camera_does_not_read_what_is_damaged() {
    let mut stage = shown(80, 24, false);
    let mut buffer = stage.paint(&Theme::terminal(true)).clone();
    for y in 8..14 {
        for x in 0..80 {
            buffer[(x, y)].set_symbol("\u{2588}");
        }
    }
    assert_eq!(of_buffer(&buffer), Vec::<String>::new());
}

#[test]
fn a_window_that_is_too_small_says_how_large_it_has_to_be() {
    let mut stage = shown(80, 20, false);
    let screen = stage.screen();
    assert!(screen.contains("The code needs a window of"), "{screen}");
    assert!(screen.contains(PAGE), "{screen}");
    assert_eq!(
        of_buffer(stage.paint(&Theme::terminal(true))),
        Vec::<String>::new()
    );
}

#[test]
fn the_code_is_as_small_as_it_says_that_it_can_be() {
    for ascii in [false, true] {
        let screen = shown(60, 12, ascii).screen();
        let said: String = screen
            .lines()
            .map(|line| line.trim_matches(['"', ' ', '\u{2502}', '|', '#', '\u{2503}']))
            .collect::<Vec<_>>()
            .join(" ");
        let (_, size) = said.split_once("a window of ").unwrap();
        let mut numbers = size.split(|character: char| !character.is_ascii_digit());
        let mut number = || numbers.find_map(|word| word.parse::<u16>().ok()).unwrap();
        let (width, height) = (number(), number());
        let read =
            |width, height| of_buffer(shown(width, height, ascii).paint(&Theme::terminal(true)));
        assert_eq!(read(width.max(60), height), [PAGE], "{width} by {height}");
        assert_eq!(read(width.max(60), height - 1), Vec::<String>::new());
    }
}
