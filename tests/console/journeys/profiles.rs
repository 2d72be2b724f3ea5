//! From one endpoint to another in the same console: nothing of the one is there on the other.

use std::fs;

use super::{pay, transactions};
use crate::pty::{Home, Seat};

fn home() -> Home {
    let home = Home::new();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(
        config.join("config.toml"),
        "[profile.shop]\nkind = \"live\"\nbase_url = \"http://127.0.0.1:9/v5\"\nusername = \"kim\"\n\
         password_command = [\"echo\", \"secret\"]\n\
         [profile.locked]\nkind = \"test\"\nusername = \"kim\"\npassword_command = [\"sh\", \"-c\", \"exit 7\"]\n\
         [profile.broken]\nkind = \"test\"\nread_olny = true\n",
    )
    .unwrap();
    home
}

fn console(home: &Home) -> Seat {
    let mut bango = home.bango();
    bango.env("PATH", std::env::var("PATH").unwrap());
    let seat = Seat::run(bango);
    // What is wrong with one profile is told at the start.
    seat.wait_for("read_olny");
    seat.keys("<enter>").wait_for("? help");
    seat
}

#[test]
fn another_endpoint_shows_nothing_of_this_one_and_the_way_back_shows_it_again() {
    let home = home();
    let seat = console(&home);
    pay(&seat);
    let payment = transactions(&seat)[0].clone();
    seat.keys("P").wait_for("Go to another endpoint");
    for words in [
        "you are here",
        "live",
        "shop  http://127.0.0.1:9/v5",
        "broken",
    ] {
        assert!(seat.screen().contains(words), "{words}\n{}", seat.screen());
    }
    seat.keys("2").wait_for("live shop");
    seat.wait_for("A payment in four steps");
    // Neither a payment, nor an exchange to send again, nor the sandbox's credentials to copy.
    seat.keys("R").wait_for("nothing to send again yet");
    seat.keys("y").wait_for("nothing to copy yet");
    seat.keys("c").wait_for("nothing was copied yet");

    seat.keys("P").wait_for("Go to another endpoint");
    seat.keys("1").wait_for(" sandbox ").wait_for("t-");
    assert_eq!(transactions(&seat)[0], payment);
    seat.keys("Q");
    assert!(seat.end().success());
    seat.check_as_found();
}

#[test]
fn an_endpoint_that_cannot_be_opened_leaves_the_console_where_it_was() {
    let home = home();
    let seat = console(&home);
    seat.keys("P").wait_for("Go to another endpoint");
    seat.keys("4").wait_for(" profile \"broken\": unknown key");
    seat.keys("<esc>");
    seat.keys("P").wait_for("Go to another endpoint");
    seat.keys("3")
        .wait_for("the profile locked cannot be used: password_command ended with exit");
    seat.wait_for(" sandbox ");
}
