//! The preset `vim`: where its fingers expect another key, or another one first.

use super::super::command::Command::{
    Down, FocusNext, FocusPrevious, Next, Open, PageDown, PageUp, Previous, Up,
};
use super::{Binding, Code, Key, Layer, bind, char, key};

#[rustfmt::skip]
pub const VIM: &[Binding] = &[
    bind(Layer::App, &[Key::ctrl('w'), key(Code::Tab)], FocusNext),
    bind(Layer::App, &[char('W'), key(Code::BackTab)], FocusPrevious),
    bind(Layer::List, &[char('o'), key(Code::Enter)], Open),
    bind(Layer::List, &[char('k'), key(Code::Up)], Up),
    bind(Layer::List, &[char('j'), key(Code::Down)], Down),
    bind(Layer::List, &[Key::ctrl('b'), key(Code::PageUp)], PageUp),
    bind(Layer::List, &[Key::ctrl('f'), key(Code::PageDown)], PageDown),
    bind(Layer::List, &[char('h'), key(Code::Left), char('[')], Previous),
    bind(Layer::List, &[char('l'), key(Code::Right), char(']')], Next),
    bind(Layer::Inspector, &[char('k'), key(Code::Up)], Up),
    bind(Layer::Inspector, &[char('j'), key(Code::Down)], Down),
    bind(Layer::Inspector, &[Key::ctrl('b'), key(Code::PageUp)], PageUp),
    bind(Layer::Inspector, &[Key::ctrl('f'), key(Code::PageDown)], PageDown),
    bind(Layer::Inspector, &[char('h'), key(Code::Left), char('[')], Previous),
    bind(Layer::Inspector, &[char('l'), key(Code::Right), char(']')], Next),
    bind(Layer::Verbs, &[char('h'), key(Code::Left)], Previous),
    bind(Layer::Verbs, &[char('l'), key(Code::Right)], Next),
    bind(Layer::Menu, &[Key::ctrl('p'), key(Code::Up)], Up),
    bind(Layer::Menu, &[Key::ctrl('n'), key(Code::Down)], Down),
    bind(Layer::Picker, &[Key::ctrl('p'), key(Code::Up)], Up),
    bind(Layer::Picker, &[Key::ctrl('n'), key(Code::Down)], Down),
    bind(Layer::Picker, &[Key::ctrl('b'), key(Code::PageUp)], PageUp),
    bind(Layer::Picker, &[Key::ctrl('f'), key(Code::PageDown)], PageDown),
];
