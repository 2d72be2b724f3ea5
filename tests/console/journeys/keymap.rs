//! The user's own keys, in a real terminal.

use crate::pty::Home;

fn write(home: &Home, text: &str) {
    let folder = home.path().join("config");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("keymap.toml"), text).unwrap();
}

#[test]
fn keys_are_the_users_and_a_bad_entry_is_told_with_its_place() {
    let home = Home::new();
    write(
        &home,
        "preset = 'vim'\n[everywhere]\nview.zom = ['x']\napp.quit = ['f10']\n",
    );
    let seat = home.console();
    seat.wait_for("keymap.toml, line 3, column 6")
        .wait_for("did you mean \"view.zoom\"?");
    seat.wait_for("F10 quit")
        .keys("1")
        .wait_until_gone("any key");
    seat.keys("q<ctrl+w>").wait_for("┏2 Transactions");
    seat.keys("?")
        .wait_for("Keys")
        .keys("<esc>")
        .wait_until_gone("Keys");
    seat.keys("\u{1b}[21~");
    assert!(seat.end().success());
}

#[test]
fn keys_are_read_again_and_a_broken_file_keeps_the_last() {
    let home = Home::new();
    let seat = home.console();
    write(&home, "[everywhere]\nview.help = ['x']\n");
    seat.keys("<ctrl+l>")
        .wait_for("x help")
        .keys("x")
        .wait_for("Keys");
    seat.keys("<esc>").wait_until_gone("Keys");
    write(&home, "[everywhere]\nview.help = ['v']\nview.zoom = 7\n");
    seat.keys("<ctrl+l>")
        .wait_for("the keys stay as they were: ");
    seat.keys("x").wait_for("Keys");
}
